/** What other clients change of what was said: an event of its own that names the one in whose place it comes. */
import * as z from 'zod/mini'
import { type Kept, messageWords } from './messages.ts'

const edit = z.object({
  'm.relates_to': z.object({ rel_type: z.literal('m.replace'), event_id: z.string() }),
  'm.new_content': z.optional(z.object({ body: z.string() })),
})

/** Of one message: each is written down, and anybody could fill this home. */
export const MOST_EDITS = 10

/** `words`: absent where it cannot be read. */
export interface Edit {
  of: string
  words?: string
}

/** `null`: it is none. */
export function editOf(content: unknown): Edit | null {
  const found = edit.safeParse(content).data
  if (!found) return null
  const body = found['m.new_content']?.body
  return { of: found['m.relates_to'].event_id, ...(body !== undefined && { words: messageWords(body) }) }
}

/**
 * The message as it is after that; `null`: nothing comes of it. It is another's, or was not kept, or this was seen before, or
 * there were later ones or too many.
 */
export function edited(
  before: Kept | undefined,
  edit: Edit & Pick<Kept, 'isMine' | 'roomId' | 'at'>,
): Kept | null {
  if (before?.isMine !== edit.isMine || before.roomId !== edit.roomId || edit.words === undefined) return null
  const { editedAt = Number.NEGATIVE_INFINITY, edits = 0 } = before
  if (edit.at <= editedAt || edits >= MOST_EDITS) return null
  return { ...before, words: edit.words, editedAt: edit.at, edits: edits + 1 }
}
