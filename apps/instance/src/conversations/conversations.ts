/** What is known of conversations: changed by what is seen at the homeserver, and by the owner. Told to whoever listens. */
import type { MatrixAccountKind } from '@matrixos/shared'
import { type Kept, type Messages, viewOf } from './messages.ts'
import { conversationIdOf } from './peer.ts'
import type { ConversationsEvent, ConversationView, Peer, StopReason } from './protocol.ts'
import { type Conversation, type StateFile, withConversation } from './state.ts'

export interface ConversationsOptions {
  state: StateFile
  messages: Messages
  tell: (event: ConversationsEvent) => void
  now: () => Date
}

export type Conversations = ReturnType<typeof createConversations>
export type Change = (before: Conversation) => Conversation

export function createConversations({ state, messages, tell, now }: ConversationsOptions) {
  const get = (id: string): Conversation | undefined => state.now().conversations[id]

  async function view(one: Conversation): Promise<ConversationView> {
    const { settings } = state.now()
    const last = (await messages.of(one.id)).all().toSorted(byTime).at(-1)
    const isAi = one.as === 'ai'
    return {
      ...{ id: one.id, as: one.as, with: one.with, state: one.state, stopped: one.stopped },
      ...{ turns: one.turns, turnLimit: isAi ? settings.turnLimit : 0 },
      ...{ spentMicroUsd: one.spentMicroUsd, budgetMicroUsd: isAi ? settings.budgetMicroUsd : 0 },
      ...{ unread: one.unread, last: last ? viewOf(last) : null },
    }
  }
  const show = async (one: Conversation) => tell({ kind: 'conversation', conversation: await view(one) })

  async function change(id: string, how: Change): Promise<Conversation | undefined> {
    const before = get(id)
    const after = await state.change((all) => {
      const one = all.conversations[id]
      const next = one && how(one)
      return next && next !== one ? withConversation(all, next) : all
    })
    const one = after.conversations[id]
    if (one && one !== before) await show(one)
    return one
  }

  return {
    get,
    view,
    change,
    all: () => Object.values(state.now().conversations),
    ofRoom: (as: MatrixAccountKind, roomId: string) =>
      Object.values(state.now().conversations).find((one) => one.as === as && one.rooms.includes(roomId)),

    /** The one that there is, or a new one that stands so. */
    async ensure(
      as: MatrixAccountKind,
      peer: Peer,
      first: Pick<Conversation, 'state'> & Partial<Pick<Conversation, 'rooms'>>,
    ): Promise<Conversation> {
      const id = conversationIdOf(as, peer.userId)
      const present = get(id)
      if (present) return present
      const made: Conversation = {
        ...{ id, as, with: peer, stopped: null, rooms: [], ...first },
        ...{ countedFrom: now().getTime(), turns: 0, spentMicroUsd: 0, unread: 0 },
      }
      await state.change((all) => (all.conversations[id] ? all : withConversation(all, made)))
      await show(made)
      return get(id) ?? made
    },

    stop: (id: string, why: StopReason) =>
      change(id, (one) => (one.state === 'stopped' ? one : { ...one, state: 'stopped', stopped: why })),

    /** Keeps a message, and counts what has to be counted again. */
    async put(id: string, message: Kept): Promise<void> {
      const said = await messages.of(id)
      const isNew = said.get(message.id) === undefined
      await said.put(message)
      tell({ kind: 'message', conversation: id, message: viewOf(message) })
      const counted = (one: Conversation) => said.all().filter((each) => isTurn(one, each))
      await change(id, (one) => ({
        ...one,
        unread: one.unread + (isNew && !message.isMine ? 1 : 0),
        turns: counted(one).length,
        spentMicroUsd: counted(one).reduce((sum, { cost }) => sum + cost, 0),
      }))
    },
  }
}

export const byTime = (a: Kept, b: Kept): number => a.at - b.at

/**
 * What this computer's AI said since it was counted from: questions as well, or two AIs could ask each other for ever. An
 * answer that could not be sent was paid for all the same: whoever asks, leaves and comes back would have it for nothing.
 */
const isTurn = (one: Conversation, { isMine, state, answers, at }: Kept): boolean =>
  one.as === 'ai' && isMine && (state !== 'failed' || answers !== null) && at >= one.countedFrom
