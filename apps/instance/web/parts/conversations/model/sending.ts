/** Sends what waits, one after the other, so that it arrives in the order in which it was written. */
import type { Store } from '../../../shell/store.ts'
import { Away, type ConversationsClient, wordsOf } from './client.ts'
import type { Outbox } from './outbox.ts'
import { type MessagesState, withMessages } from './view.ts'

export interface SendingOptions {
  client: Pick<ConversationsClient, 'send'>
  outbox: Outbox
  view: Store<MessagesState>
}

/** The result sends until nothing waits, or nobody answers: the next connection tries again. Never rejects. */
export function createSending({ client, outbox, view }: SendingOptions): () => Promise<void> {
  let isSending = false

  /** Whether it is settled: taken, or refused. */
  async function send(conversation: string, id: string, words: string): Promise<boolean> {
    try {
      const message = await client.send(conversation, { id, words })
      view.update((state) => withMessages(state, conversation, [message]))
      outbox.remove(id)
    } catch (error) {
      if (error instanceof Away) return false
      outbox.fail(id, wordsOf(error))
    }
    return true
  }

  return async () => {
    if (isSending) return
    isSending = true
    for (let next = outbox.next(); next && view.get().state === 'ready'; next = outbox.next())
      if (!(await send(next.conversation, next.id, next.words))) break
    isSending = false
  }
}
