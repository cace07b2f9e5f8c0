/** What the computer tells by itself, for as long as somebody listens. */
import { CONVERSATIONS_SOCKET_PATH, type ConversationsEvent } from '../../../../src/conversations/protocol.ts'
import type { OpenLinkOptions, OwnLink } from '../../../shell/connection/links.ts'
import type { Store } from '../../../shell/store.ts'
import type { Outbox } from './outbox.ts'
import { hear, type MessagesState } from './view.ts'

export interface ConnectionOptions {
  open: (options: OpenLinkOptions) => OwnLink
  view: Store<MessagesState>
  outbox: Outbox
  /** What was told meanwhile was not heard. */
  onOpen: () => void
}

const isEvent = (message: unknown): message is ConversationsEvent =>
  typeof message === 'object' && message !== null && 'kind' in message

export function createConnection({ open, view, outbox, onOpen }: ConnectionOptions) {
  let link: OwnLink | null = null
  let users = 0
  const connect = () =>
    open({
      path: () => CONVERSATIONS_SOCKET_PATH,
      isNeeded: () => outbox.next() !== undefined,
      onMessage(message) {
        if (isEvent(message)) view.update((state) => hear(state, message))
      },
      onState(next) {
        view.update((state) => ({ ...state, isConnected: next === 'open' }))
        if (next === 'open') onOpen()
      },
    })
  return {
    wake: () => link?.wake(),
    /** Connects; returns the end. Several may use it. */
    start(): () => void {
      users++
      link ??= connect()
      return () => {
        users--
        if (users > 0) return
        link?.end()
        link = null
      }
    },
  }
}
