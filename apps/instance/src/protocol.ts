/** The messages of the two WebSockets. The page imports the types alone. */
import * as z from 'zod/mini'

export const NOTES_PATH = '/ws/notes'
export const CONSOLE_PATH = '/ws/console'
/** Characters that the note pad may hold. */
export const PAD_LIMIT = 500_000

/** The reason of a closing frame 1001 at a graceful stop: the page then stays quiet until its person is back. */
export const ASLEEP = 'asleep'

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

export type NotesEvent =
  | { type: 'pong' }
  | { type: 'pad'; version: string; text: string }
  /** `keptCopy`: where another writer's text went, if this save replaced it. */
  | { type: 'saved'; id: number; version: string; keptCopy: string | null }
  | { type: 'failed'; id: number; message: string }

export const consoleRequest = z.discriminatedUnion('type', [
  ping,
  z.object({ type: z.literal('run'), line: z.string().check(z.maxLength(100_000)) }),
  z.object({ type: z.literal('complete'), line: z.string().check(z.maxLength(4_000)) }),
])
export type ConsoleRequest = z.infer<typeof consoleRequest>

export type ConsoleEvent =
  | { type: 'pong' }
  | { type: 'welcome'; handle: string; cwd: string; history: string[] }
  | { type: 'result'; text: string; failed: boolean; cwd: string; clear: boolean }
  | { type: 'completions'; line: string; completed: string; options: string[] }

/** The page's first question, `GET /api/me`. */
export interface Me {
  handle: string
  displayName: string
  /** Markdown; `null` when its owner removed it. */
  soul: string | null
}
