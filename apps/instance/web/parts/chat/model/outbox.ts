/** Messages that are to be sent: kept in this browser until the computer has them on its disk, so none is lost. */
import * as z from 'zod/mini'
import { image } from '../../../../src/chat/log/entry.ts'
import { recall, remember } from '../../../shell/remember.ts'
import { createStore, type Store } from '../../../shell/store.ts'

const KEY = 'mos-chat-outbox'

const outgoing = z.object({
  conversation: z.string(),
  id: z.string(),
  /** `undefined`: whatever the conversation ends with when it is sent. */
  parent: z.optional(z.nullable(z.string())),
  text: z.string(),
  images: z.array(image),
  at: z.number(),
  /** Why it was not taken. */
  failure: z.optional(z.string()),
})
export type Outgoing = z.infer<typeof outgoing>

export interface Outbox {
  waiting: Pick<Store<readonly Outgoing[]>, 'get' | 'watch'>
  add(message: Outgoing): void
  remove(id: string): void
  fail(id: string, words: string): void
  again(id: string): void
}

export function createOutbox(): Outbox {
  const waiting = createStore<readonly Outgoing[]>(z.safeParse(z.array(outgoing), recall(KEY)).data ?? [])
  const change = (update: (all: readonly Outgoing[]) => readonly Outgoing[]) => {
    waiting.update(update)
    remember(KEY, waiting.get())
  }
  const set = (id: string, values: Partial<Outgoing>) =>
    change((all) => all.map((one) => (one.id === id ? { ...one, ...values } : one)))
  return {
    waiting,
    add: (message) => change((all) => [...all, message]),
    remove: (id) => change((all) => all.filter((one) => one.id !== id)),
    fail: (id, failure) => set(id, { failure }),
    again: (id) => change((all) => all.map((one) => (one.id === id ? unfailed(one) : one))),
  }
}

const unfailed = ({ failure: _, ...message }: Outgoing): Outgoing => message
