/** The page's one session of messages, with or without a window, and the count that the dock shows. */
import { badges } from '../../../shell/news/badges.ts'
import { conversationsClient } from './client.ts'
import { createConversationsSession } from './session.ts'
import { waitingIn } from './view.ts'

export const conversations = createConversationsSession()

conversations.view.watch(() => {
  const count = conversations.view.get().list.reduce((sum, one) => sum + waitingIn(one), 0)
  badges.update((all) => (all.conversations === count ? all : { ...all, conversations: count }))
})

/** Where there is no homeserver, there is nothing to watch. */
export async function watchConversations(): Promise<void> {
  const { state } = await conversationsClient.list()
  if (state !== 'off') conversations.start()
}
