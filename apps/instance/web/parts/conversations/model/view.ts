/** What the page knows of conversations, and how it changes with what the computer tells. */
import type {
  ConversationMessage,
  ConversationsEvent,
  ConversationsView,
  ConversationView,
} from '../../../../src/conversations/protocol.ts'

export interface ThreadView {
  messages: readonly ConversationMessage[]
  hasMore: boolean
}

export interface MessagesState {
  /** `loading`: nobody has answered yet. */
  state: ConversationsView['state'] | 'loading'
  trouble: string | null
  /** The latest first. */
  list: readonly ConversationView[]
  /** Of those that were looked at. */
  threads: Readonly<Record<string, ThreadView>>
  isConnected: boolean
}

export const NOTHING_YET: MessagesState = {
  ...{ state: 'loading', trouble: null, list: [], threads: {}, isConnected: false },
}

const latest = ({ last }: ConversationView): string => last?.at ?? ''
const byLatest = (a: ConversationView, b: ConversationView) => (latest(a) < latest(b) ? 1 : -1)

export const withConversation = (state: MessagesState, one: ConversationView): MessagesState => {
  const others = state.list.filter(({ id }) => id !== one.id)
  return { ...state, list: [one, ...others].sort(byLatest) }
}

/** What is known by its id is replaced where it stands: its state may have changed. New ones come by their time. */
export function mergeMessages(
  known: readonly ConversationMessage[],
  told: readonly ConversationMessage[],
): ConversationMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of told) byId.set(message.id, message)
  return [...byId.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

export function withMessages(
  state: MessagesState,
  id: string,
  messages: readonly ConversationMessage[],
  hasMore?: boolean,
): MessagesState {
  const known = state.threads[id]
  const thread = {
    messages: mergeMessages(known?.messages ?? [], messages),
    hasMore: hasMore ?? known?.hasMore ?? false,
  }
  return { ...state, threads: { ...state.threads, [id]: thread } }
}

export function hear(state: MessagesState, event: ConversationsEvent): MessagesState {
  switch (event.kind) {
    case 'state':
      return { ...state, state: event.state, trouble: event.trouble }
    case 'conversation':
      return withConversation(state, event.conversation)
    case 'message':
      // Of what nobody has looked at, all is asked for when somebody does.
      return state.threads[event.conversation]
        ? withMessages(state, event.conversation, [event.message])
        : state
  }
}

/** What waits for the owner: messages, and who asks to be let in. */
export const waitingIn = ({ state, unread }: ConversationView): number =>
  Math.max(unread, state === 'invited' ? 1 : 0)
