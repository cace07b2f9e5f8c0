/** Asks the computer for conversations, and for what was said in them. */
import type { Store } from '../../../shell/store.ts'
import { type ConversationsClient, wordsOf } from './client.ts'
import { type MessagesState, withMessages } from './view.ts'

export interface ReadingOptions {
  client: Pick<ConversationsClient, 'list' | 'messages'>
  view: Store<MessagesState>
}

export function createReading({ client, view }: ReadingOptions) {
  /** Never rejects: what is shown stays where there is no answer. */
  async function refresh(): Promise<void> {
    try {
      const { state, trouble, conversations } = await client.list()
      view.update((now) => ({ ...now, state, trouble, list: conversations }))
    } catch (error) {
      // Where something is shown already, the connection says that it is lost.
      view.update((now) => (now.state === 'loading' ? { ...now, trouble: wordsOf(error) } : now))
    }
    await Promise.all(Object.keys(view.get().threads).map((id) => read(id).catch(() => undefined)))
  }

  /** The newest, or those before the oldest that is known. */
  async function read(id: string, before?: string): Promise<void> {
    const { messages, hasMore } = await client.messages(id, before)
    // A gap in what is known is told by nobody: what is older is asked for again.
    const known = view.get().threads[id]
    const isJoined =
      before !== undefined || !known || known.messages.some((one) => one.id === messages[0]?.id)
    view.update((state) => {
      const { [id]: old, ...threads } = state.threads
      const isOlderKnown = before === undefined && isJoined && old !== undefined
      const base = isJoined ? state : { ...state, threads }
      return withMessages(base, id, messages, isOlderKnown ? old.hasMore : hasMore)
    })
  }

  return { refresh, read }
}
