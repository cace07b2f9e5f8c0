/** What a page may ask on its WebSockets, checked on arrival. */
import * as z from 'zod/mini'

const ping = z.object({ type: z.literal('ping') })

export const notesRequest = z.discriminatedUnion('type', [
  ping,
  /** `base`: the version that this text grew from. */
  z.object({
    type: z.literal('save'),
    id: z.number(),
    base: z.string().check(z.maxLength(64)),
    text: z.string(),
  }),
])
export type NotesRequest = z.infer<typeof notesRequest>

export const consoleRequest = z.discriminatedUnion('type', [
  ping,
  z.object({ type: z.literal('run'), line: z.string().check(z.maxLength(100_000)) }),
  z.object({ type: z.literal('complete'), line: z.string().check(z.maxLength(4_000)) }),
])
export type ConsoleRequest = z.infer<typeof consoleRequest>

export const shellRequest = ping
