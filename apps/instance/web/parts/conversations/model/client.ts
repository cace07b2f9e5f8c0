/** The page's questions about conversations to its computer. */
import * as z from 'zod/mini'
import {
  CONVERSATIONS_API,
  type ConversationAct,
  type ConversationMessage,
  type ConversationSettings,
  type ConversationsView,
  type ConversationView,
  type MessagesView,
  type SendMessage,
  type StartConversation,
} from '../../../../src/conversations/protocol.ts'
import { REQUEST_HEADER } from '../../../../src/protocol.ts'

/** The computer answered, and does not do it; its message is for people. */
export class Refused extends Error {}
/** No answer: it may have been done, or not. */
export class Away extends Error {}

const AWAY = 'Your computer can’t be reached right now. Try again in a moment.'
const UNKNOWN = 'That did not work. Try again in a moment.'
const CLIENT_ERROR = 400
const SERVER_ERROR = 500
/** Whoever asks for too much may ask again. */
const TOO_MANY = 429
const refusal = z.object({ message: z.string() })

async function call<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<T> {
  const answer = await fetch(`${CONVERSATIONS_API}${path}`, {
    method,
    headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => null)
  const told: unknown = await answer?.json().catch(() => null)
  if (answer?.ok) return told as T
  const message = z.safeParse(refusal, told).data?.message
  const status = answer?.status ?? SERVER_ERROR
  if (status >= CLIENT_ERROR && status < SERVER_ERROR && status !== TOO_MANY)
    throw new Refused(message ?? UNKNOWN)
  throw new Away(message ?? AWAY)
}

const at = (id: string) => `/${encodeURIComponent(id)}`

export const conversationsClient = {
  list: () => call<ConversationsView>('GET', ''),
  messages: (id: string, before?: string) =>
    call<MessagesView>(
      'GET',
      `${at(id)}/messages${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}`,
    ),
  start: (what: StartConversation) => call<ConversationView>('POST', '', what),
  send: (id: string, message: SendMessage) =>
    call<ConversationMessage>('POST', `${at(id)}/messages`, message),
  act: (id: string, what: ConversationAct) => call<ConversationView>('POST', `${at(id)}/${what}`, {}),
  settings: () => call<ConversationSettings>('GET', '/settings'),
  change: (settings: ConversationSettings) => call<ConversationSettings>('PUT', '/settings', settings),
}
export type ConversationsClient = typeof conversationsClient

export const wordsOf = (error: unknown): string =>
  error instanceof Refused || error instanceof Away ? error.message : UNKNOWN
