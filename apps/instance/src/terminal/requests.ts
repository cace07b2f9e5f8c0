/** What a page may ask of its terminals, checked on arrival. */
import * as z from 'zod/mini'
import { INPUT_LIMIT } from './protocol.ts'

const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most))

const id = z.string().check(z.minLength(1), z.maxLength(64))
const view = whole(0, 65_535)
const number = whole(0, Number.MAX_SAFE_INTEGER)
const columns = whole(2, 500)
const rows = whole(1, 300)

export const terminalRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping') }),
  /** `folder`: below home, or absolute. */
  z.object({
    type: z.literal('open'),
    request: number,
    folder: z.optional(z.string().check(z.maxLength(4_096))),
    columns,
    rows,
  }),
  z.object({ type: z.literal('attach'), view, session: id }),
  z.object({ type: z.literal('detach'), view }),
  /** The view in which somebody works: its size becomes the terminal's. */
  z.object({ type: z.literal('resize'), view, columns, rows }),
  z.object({ type: z.literal('acknowledge'), view, bytes: number }),
  z.object({
    type: z.literal('input'),
    session: id,
    generation: number,
    /** Counts this page's inputs to this session, from 1: what is sent again after a broken link is typed once. */
    number,
    data: z.string().check(z.maxLength(INPUT_LIMIT)),
    /** Whether each character is one byte, as in old mouse reports. */
    isBinary: z.optional(z.boolean()),
  }),
  z.object({ type: z.literal('rename'), session: id, name: z.nullable(z.string().check(z.maxLength(80))) }),
  z.object({ type: z.literal('move'), session: id, to: whole(0, 100) }),
  z.object({ type: z.literal('restart'), session: id }),
  z.object({ type: z.literal('close'), session: id }),
  /** The last window closed: shells that do nothing end, programs go on. */
  z.object({ type: z.literal('leave') }),
])
export type TerminalRequest = z.infer<typeof terminalRequest>

/** What a page calls itself, so that what it sends again after a broken link is known. */
export const clientName = z.string().check(z.regex(/^[\w-]{8,64}$/))
