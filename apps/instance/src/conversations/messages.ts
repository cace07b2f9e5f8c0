/**
 * `messages/ID.jsonl`: what was said in a conversation, a line each time that something of a message becomes known. A later
 * line of the same id counts in place of the earlier. What is to be sent is here before it is sent.
 */
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { isMissing } from '../http/problem.ts'
import { messagesFolder } from './places.ts'
import { type ConversationMessage, LONGEST_WORDS } from './protocol.ts'

const kept = z.object({
  id: z.string(),
  isMine: z.boolean(),
  kind: z.enum(['chat', 'question', 'answer']),
  words: z.nullable(z.string()),
  at: z.number(),
  state: z.enum(['received', 'sending', 'sent', 'failed']),
  /** At the homeserver; `null`: it is not there yet. */
  eventId: z.nullable(z.string()),
  roomId: z.nullable(z.string()),
  /** The event that it answers. */
  answers: z.nullable(z.string()),
  /** What the answer cost, in micro-dollars. */
  cost: z.number(),
  /** When it was last changed by its author, and how often; absent: never. */
  editedAt: z.optional(z.number()),
  edits: z.optional(z.number()),
})
export type Kept = z.infer<typeof kept>

export interface Said {
  all(): readonly Kept[]
  get(id: string): Kept | undefined
  ofEvent(eventId: string): Kept | undefined
  /** Resolves when it is on the disk. */
  put(message: Kept): Promise<void>
}

/** What is kept of what somebody wrote. */
export const messageWords = (body: string): string => body.slice(0, LONGEST_WORDS).toWellFormed()

export const viewOf = ({ id, isMine, kind, words, at, state, edits }: Kept): ConversationMessage => ({
  ...{ id, isMine, kind, words, state, isEdited: edits !== undefined },
  at: new Date(at).toISOString(),
})

export function openMessages(root: string) {
  const opened = new Map<string, Promise<Said>>()
  return {
    of(conversation: string): Promise<Said> {
      const known = opened.get(conversation)
      if (known) return known
      const said = load(join(messagesFolder(root), `${conversation}.jsonl`))
      opened.set(conversation, said)
      said.catch(() => opened.delete(conversation))
      return said
    },
  }
}
export type Messages = ReturnType<typeof openMessages>

async function load(path: string): Promise<Said> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (isMissing(error)) return ''
    throw error
  })
  const messages = new Map<string, Kept>()
  const byEvent = new Map<string, string>()
  const take = (message: Kept) => {
    messages.set(message.id, message)
    if (message.eventId !== null) byEvent.set(message.eventId, message.id)
  }
  for (const line of text.split('\n')) {
    const message = parsed(line)
    if (message) take(message)
  }
  // Half a line may be its end, which a kill left.
  let needsBreak = text !== '' && !text.endsWith('\n')
  let last: Promise<unknown> = Promise.resolve()
  return {
    all: () => [...messages.values()],
    get: (id) => messages.get(id),
    ofEvent: (eventId) => messages.get(byEvent.get(eventId) ?? ''),
    put(message) {
      const next = last.then(async () => {
        await append(path, `${needsBreak ? '\n' : ''}${JSON.stringify(message)}\n`)
        needsBreak = false
        take(message)
      })
      last = next.catch(() => undefined)
      return next
    },
  }
}

function parsed(line: string): Kept | null {
  try {
    return kept.parse(JSON.parse(line))
  } catch {
    return null
  }
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.writeFile(text)
    await file.datasync()
  } finally {
    await file.close()
  }
}
