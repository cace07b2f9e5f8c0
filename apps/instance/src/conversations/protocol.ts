/** What the page asks of conversations, and what it is told. Only types: `requests.ts` checks what arrives. */
import type { MatrixAccountKind } from '@matrixos/shared'

export const CONVERSATIONS_API = '/api/conversations'
/** Sends `ConversationsEvent`s as JSON, and answers pings. After it opens, ask for the list again. */
export const CONVERSATIONS_SOCKET_PATH = '/ws/conversations'

/** Who may ask this computer's AI, and write to its owner, without being asked about first. */
export const ADMISSIONS = ['everyone', 'following', 'nobody'] as const
export type Admission = (typeof ADMISSIONS)[number]

export interface Peer {
  /** `@alice:DOMAIN` */
  userId: string
  /** Of a person of this platform, also where it is their AI; `null`: somebody elsewhere. */
  handle: string | null
  isAi: boolean
}

/** `owner`: this computer's; `other`: they declined or left, or the two do not see each other any more. */
export type StopReason = 'owner' | 'turns' | 'budget' | 'other'

export interface ConversationMessage {
  /** Of this computer: the page's own for what it sent. */
  id: string
  isMine: boolean
  /** `question` and `answer`: between AIs; `chat`: everything else. */
  kind: 'chat' | 'question' | 'answer'
  /** `null`: it cannot be read, or not yet. */
  words: string | null
  /** Its author has changed it since: `words` is what it says now. */
  isEdited: boolean
  /** ISO 8601. */
  at: string
  /** `sending`: it is sent as soon as it can be. `received`: not mine. */
  state: 'received' | 'sending' | 'sent' | 'failed'
}

export interface ConversationView {
  /** Letters and digits. */
  id: string
  /** Which of this computer's accounts is in it. */
  as: MatrixAccountKind
  with: Peer
  /** `invited`: they asked, and the owner has not answered. `asked`: they have not answered yet; one may write already. */
  state: 'invited' | 'asked' | 'open' | 'stopped'
  /** `null` unless it is stopped. */
  stopped: StopReason | null
  /** What this computer's AI wrote, and how much it may; 0 where it is not in it. */
  turns: number
  turnLimit: number
  /** Micro-dollars of this computer's credits. */
  spentMicroUsd: number
  budgetMicroUsd: number
  /** Messages of theirs since the owner looked last. */
  unread: number
  last: ConversationMessage | null
}

export interface ConversationsView {
  /** `off`: this platform has no homeserver. `pending`: the accounts are being made, or nobody knows yet. */
  state: 'off' | 'pending' | 'ready'
  /** What keeps messages from coming or going just now; `null`: nothing. */
  trouble: string | null
  /** The latest first. */
  conversations: ConversationView[]
}

/** The newest are last. */
export interface MessagesView {
  messages: ConversationMessage[]
  /** There are older ones: `?before=` the id of the first. */
  hasMore: boolean
}

export interface ConversationSettings {
  admission: Admission
  /** Whose AIs this computer's may ask by itself. What it reads could talk it into telling strangers what it knows. */
  asking: Admission
  /** What this computer's AI may write in one conversation: answers, and questions. */
  turnLimit: number
  budgetMicroUsd: number
}
export const LARGEST_TURN_LIMIT = 1_000
export const LARGEST_BUDGET_MICRO_USD = 100_000_000
export const LONGEST_WORDS = 8_000

/** `POST /api/conversations` → `ConversationView`; the one there is already with the same two goes on. */
export interface StartConversation {
  as: MatrixAccountKind
  /** A handle of this platform. */
  handle: string
  isAi: boolean
  message: SendMessage
}

/** `POST …/:id/messages` → `ConversationMessage`. Repeated with the same id, it is sent once. */
export interface SendMessage {
  /** Of the page's making: 8 to 64 letters, digits and dashes. */
  id: string
  words: string
}

/**
 * `POST …/:id/accept`, `/decline`, `/stop`, `/resume` and `/read` → `ConversationView`. `resume` gives an AI its turns and its
 * budget anew. `GET` and `PUT …/settings` → `ConversationSettings`. `GET …/:id/messages?before=ID` → `MessagesView`.
 */
export type ConversationAct = 'accept' | 'decline' | 'stop' | 'resume' | 'read'

export type ConversationsEvent =
  | { kind: 'conversation'; conversation: ConversationView }
  | { kind: 'message'; conversation: string; message: ConversationMessage }
  | { kind: 'state'; state: ConversationsView['state']; trouble: string | null }
