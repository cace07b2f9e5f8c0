/** Messages without a page: the connection, what is known, and what waits to be sent. */
import type {
  ConversationAct,
  ConversationView,
  StartConversation,
} from '../../../../src/conversations/protocol.ts'
import { type OpenLinkOptions, type OwnLink, openLink } from '../../../shell/connection/links.ts'
import { createStore } from '../../../shell/store.ts'
import { type ConversationsClient, conversationsClient } from './client.ts'
import { createConnection } from './connection.ts'
import { createOutbox } from './outbox.ts'
import { createReading } from './reading.ts'
import { createSending } from './sending.ts'
import { type MessagesState, NOTHING_YET, withConversation } from './view.ts'

export interface SessionOptions {
  client?: ConversationsClient
  open?: (options: OpenLinkOptions) => OwnLink
  newId?: () => string
  now?: () => Date
}

export type ConversationsSession = ReturnType<typeof createConversationsSession>

export function createConversationsSession({
  client = conversationsClient,
  open = openLink,
  newId = () => crypto.randomUUID(),
  now = () => new Date(),
}: SessionOptions = {}) {
  const view = createStore<MessagesState>(NOTHING_YET)
  const outbox = createOutbox()
  const sendNext = createSending({ client, outbox, view })

  const take = (conversation: ConversationView) =>
    view.update((state) => withConversation(state, conversation))

  const { refresh, read } = createReading({ client, view })

  const connection = createConnection({
    ...{ open, view, outbox },
    onOpen: () => void refresh().then(sendNext),
  })

  return {
    view,
    outbox,
    refresh,
    read,
    start: connection.start,
    say(conversation: string, words: string): void {
      outbox.add({ conversation, id: newId(), words, at: now().toISOString() })
      connection.wake()
      void sendNext()
    },
    sendAgain(id: string): void {
      outbox.again(id)
      connection.wake()
      void sendNext()
    },
    /** Rejects with what the computer said. */
    async begin(
      what: Omit<StartConversation, 'message'>,
      words: string,
      id: string,
    ): Promise<ConversationView> {
      const conversation = await client.start({ ...what, message: { id, words } })
      take(conversation)
      return conversation
    },
    /** Rejects with what the computer said. */
    async act(id: string, what: ConversationAct): Promise<void> {
      take(await client.act(id, what))
    },
    settings: client.settings,
    changeSettings: client.change,
    newId,
  }
}
