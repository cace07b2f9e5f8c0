/** What the page of the chat knows, and shows. */
import { type Conversation, emptyConversation } from '../../../../src/chat/log/tree.ts'
import type { ChatEvent, Credits, ModelChoice, Running, Summary } from '../../../../src/chat/protocol.ts'
import type { LinkState } from '../../../shell/connection/link.ts'

export interface Notice {
  words: string
  isBad?: boolean
  /** The trash that brings a conversation back. */
  restore?: string
  /** The call to take back all the same. */
  undo?: string
}

export interface ChatView {
  link: LinkState
  /** The computer has said what there is. */
  isGreeted: boolean
  list: readonly Summary[]
  models: readonly ModelChoice[]
  model: string
  noAi: string | null
  noCommands: string | null
  credits: Credits | null
  current: string
  /** Grows in place; `version` says when. */
  conversation: Conversation
  version: number
  isLoaded: boolean
  running: Running | null
  /** By parents (`'null'`: the beginning): which branch is seen. */
  chosen: Readonly<Record<string, string>>
  notice: Notice | null
  found: Extract<ChatEvent, { type: 'found' }> | null
}

/** `isNew`: nothing can be there yet. */
export const newView = (current: string, isNew: boolean): ChatView => ({
  link: 'resting',
  isGreeted: false,
  list: [],
  models: [],
  model: '',
  noAi: null,
  noCommands: null,
  credits: null,
  current,
  conversation: emptyConversation(current),
  version: 0,
  isLoaded: isNew,
  running: null,
  chosen: {},
  notice: null,
  found: null,
})
