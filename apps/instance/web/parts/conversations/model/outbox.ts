/** Messages that the computer has not taken yet: kept in this browser until it has, so that none is lost. */
import * as z from 'zod/mini'
import { recall, remember } from '../../../shell/remember.ts'
import { createStore } from '../../../shell/store.ts'

const KEY = 'mos-conversations-outbox'

const outgoing = z.object({
  conversation: z.string(),
  id: z.string(),
  words: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** Why it was not taken. */
  failure: z.optional(z.string()),
})
export type Outgoing = z.infer<typeof outgoing>
export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox() {
  const waiting = createStore<readonly Outgoing[]>(z.safeParse(z.array(outgoing), recall(KEY)).data ?? [])
  const change = (update: (all: readonly Outgoing[]) => readonly Outgoing[]) => {
    waiting.update(update)
    remember(KEY, waiting.get())
  }
  return {
    waiting,
    add: (message: Outgoing) => change((all) => [...all, message]),
    remove: (id: string) => change((all) => all.filter((one) => one.id !== id)),
    fail: (id: string, failure: string) =>
      change((all) => all.map((one) => (one.id === id ? { ...one, failure } : one))),
    again: (id: string) =>
      change((all) =>
        all.map(({ failure, ...one }) => (one.id === id || !failure ? one : { ...one, failure })),
      ),
    /** The next that nobody has refused. */
    next: () => waiting.get().find(({ failure }) => failure === undefined),
  }
}
