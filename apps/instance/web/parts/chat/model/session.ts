/** The chat without a page: the connection, the conversation that is looked at, and what waits to be sent. */
import { emptyConversation, idOf, pathOf } from '../../../../src/chat/log/tree.ts'
import { CHAT_PATH, type ChatEvent, type ChatRequest } from '../../../../src/chat/protocol.ts'
import { type OwnLink, openLink } from '../../../shell/connection/links.ts'
import { createStore, type Store } from '../../../shell/store.ts'
import { createHearing } from './hearing.ts'
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts'
import { type ChatView, newView } from './view.ts'

export interface ChatSession {
  view: Store<ChatView>
  outbox: Outbox
  /** Connects; returns the end. */
  start(): () => void
  look(conversation: string): void
  say(message: Pick<Outgoing, 'text' | 'images' | 'parent'>): void
  sendAgain(id: string): void
  retry(message: string): void
  /** Of a fork, the branch to see. */
  choose(parent: string | null, id: string): void
  /** Whether it went out: a person is told when it did not. */
  ask(request: ChatRequest): boolean
  dismiss(): void
}

export const newId = (): string => crypto.randomUUID()

/** `kept`: the conversation to begin with; without one, a new one. */
export function createChatSession(kept: string | null): ChatSession {
  const view = createStore<ChatView>(newView(kept ?? newId(), kept === null))
  const outbox = createOutbox()
  let link: OwnLink | null = null
  /** Sent on this connection, and not taken yet. */
  let onTheWay: string | null = null
  const change = (values: Partial<ChatView>) => view.update((now) => ({ ...now, ...values }))
  const touch = (values: Partial<ChatView> = {}) =>
    view.update((now) => ({ ...now, ...values, version: now.version + 1 }))

  const sendNext = () => {
    const { isGreeted, link: state, current, conversation, running, isLoaded } = view.get()
    if (state !== 'open' || !isGreeted || onTheWay !== null) return
    // To the conversation that is looked at: of another it is not known what it ends with.
    const next = outbox.waiting.get().find((one) => one.failure === undefined && one.conversation === current)
    if (!next || running || !isLoaded) return
    const last = pathOf(conversation, (parent) => view.get().chosen[String(parent)]).at(-1)
    const { parent = last ? idOf(last) : null, id, text, images, at } = next
    if (link?.send({ type: 'say', conversation: current, id, parent, text, images, at })) onTheWay = id
  }
  const lookNow = () => {
    const { current, link: state } = view.get()
    if (state === 'open') link?.send({ type: 'look', conversation: current })
  }
  const hear = createHearing({
    view,
    change,
    touch,
    onGreeted: lookNow,
    onSettled(id) {
      if (onTheWay === id) onTheWay = null
    },
    outbox,
    onMaySend: sendNext,
  })
  outbox.waiting.watch(() => {
    touch()
    sendNext()
  })

  return {
    view,
    outbox,
    start() {
      link = openLink({
        path: () => CHAT_PATH,
        isNeeded: () => outbox.waiting.get().some(({ failure }) => failure === undefined),
        onMessage: (message) => hear(message as ChatEvent),
        onState(state) {
          // A message that was on its way is sent again, and taken once.
          if (state !== 'open') onTheWay = null
          change({ link: state, ...(state !== 'open' && { isGreeted: false }) })
        },
      })
      return link.end
    },
    look(conversation) {
      if (view.get().current === conversation) return
      onTheWay = null
      const isNew = !view.get().list.some(({ id }) => id === conversation)
      touch({
        ...{
          current: conversation,
          conversation: emptyConversation(conversation),
          running: null,
          chosen: {},
        },
        ...{ isLoaded: isNew, notice: null },
      })
      lookNow()
    },
    say({ text, images, parent }) {
      const { current } = view.get()
      const message = { conversation: current, id: newId(), text, images, at: Date.now() }
      outbox.add({ ...message, ...(parent !== undefined && { parent }) })
      if (parent !== undefined) this.choose(parent, message.id)
      link?.wake()
      sendNext()
    },
    sendAgain(id) {
      outbox.again(id)
      link?.wake()
    },
    retry(message) {
      const id = newId()
      const { current } = view.get()
      if (this.ask({ type: 'retry', conversation: current, message, id })) this.choose(message, id)
    },
    choose: (parent, id) => touch({ chosen: { ...view.get().chosen, [String(parent)]: id } }),
    ask(request) {
      const isSent = link?.send(request) ?? false
      if (!isSent) {
        link?.wake()
        change({ notice: { words: 'I can’t be reached right now. Try again in a moment.', isBad: true } })
      }
      return isSent
    },
    dismiss: () => change({ notice: null }),
  }
}
