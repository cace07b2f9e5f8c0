/**
 * What the page of the chat and the process of the chat tell each other on `/ws/chat`, which is the owner's alone. A page
 * looks at one conversation at a time; what happens there comes as the entries of its file, and what has no entry yet
 * (words as they come, output of a command) as `live`.
 */
import * as z from 'zod/mini'
import { conversationId, type Entry, image, itemId, type Risk } from './log/entry.ts'

export { CHAT_PATH, CHATS_FOLDER } from './places.ts'

/** Characters of one message. */
export const LONGEST_MESSAGE = 200_000
export const MOST_IMAGES = 8

export const chatRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping') }),
  /** Look at this one from now on; `null`: at none. One that is not there is begun with its first message. */
  z.object({ type: z.literal('look'), conversation: z.nullable(conversationId) }),
  /** Sent again after a broken link, it is taken once, by its `id`. `parent` as in the entry. */
  z.object({
    type: z.literal('say'),
    conversation: conversationId,
    id: itemId,
    parent: z.nullable(itemId),
    text: z.string().check(z.maxLength(LONGEST_MESSAGE)),
    images: z.array(image).check(z.maxLength(MOST_IMAGES)),
    at: z.number(),
  }),
  /** Another answer to a message, under an `id` of its own. */
  z.object({ type: z.literal('retry'), conversation: conversationId, message: itemId, id: itemId }),
  z.object({ type: z.literal('stop'), conversation: conversationId }),
  z.object({
    type: z.literal('decide'),
    conversation: conversationId,
    tool: z.string(),
    decision: z.enum(['once', 'always', 'deny']),
  }),
  /** `anyway`: also what was changed since. */
  z.object({
    type: z.literal('undo'),
    conversation: conversationId,
    tool: z.string(),
    anyway: z.boolean(),
  }),
  z.object({
    type: z.literal('rename'),
    conversation: conversationId,
    title: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
  z.object({ type: z.literal('delete'), conversation: conversationId }),
  /** `trash`: as `deleted` named it. */
  z.object({ type: z.literal('restore'), trash: z.string().check(z.maxLength(80)) }),
  z.object({ type: z.literal('search'), query: z.string().check(z.maxLength(200)) }),
  z.object({ type: z.literal('model'), model: z.string().check(z.minLength(1), z.maxLength(120)) }),
])
export type ChatRequest = z.infer<typeof chatRequest>

export interface Summary {
  id: string
  title: string
  changedAt: number
  isRunning: boolean
  /** `null`: its owner's own. */
  from: string | null
}

export interface ModelChoice {
  id: string
  name: string
}

/** Decimal USD. */
export interface Credits {
  limit: string
  spent: string
  left: string
  /** A share from 0 to 1. */
  used: number
}

/** What a tool wants leave for. */
export interface Question {
  tool: string
  risks: Risk[]
  /** What would happen, in words. */
  words: string
  /** As it would be run. */
  command: string | null
}

/** What is under way in an answer, for a page that comes in the middle. */
export interface Running {
  turn: string
  /** Of the present call of the model. */
  text: string
  /** Called and not yet whole. */
  tools: { id: string; name: string; input: Record<string, string | number> }[]
  output: Record<string, string>
  question: Question | null
}

export type Live =
  | { kind: 'text'; text: string }
  /** A tool is called: as far as its input has come. */
  | { kind: 'tool'; id: string; name: string; input: Record<string, string | number> }
  | { kind: 'output'; id: string; text: string }
  | { kind: 'question'; question: Question | null }

export type ChatEvent =
  | { type: 'pong' }
  | {
      type: 'hello'
      conversations: Summary[]
      models: ModelChoice[]
      model: string
      /** Why there is no AI here; `null`: there is. */
      noAi: string | null
      /** Why it can run no commands; `null`: it can. */
      noCommands: string | null
      credits: Credits | null
    }
  | { type: 'list'; conversations: Summary[] }
  | { type: 'models'; models: ModelChoice[]; model: string }
  | { type: 'credits'; credits: Credits | null }
  | { type: 'conversation'; conversation: string; entries: Entry[]; running: Running | null }
  | { type: 'entry'; conversation: string; entry: Entry }
  | { type: 'live'; conversation: string; turn: string; live: Live }
  /** A message is on the disk. */
  | { type: 'taken'; id: string }
  /** What was asked for could not be done; `id`: of the message, where it was one. */
  | { type: 'failed'; id: string | null; words: string }
  | { type: 'changed-since'; tool: string; words: string }
  | { type: 'deleted'; conversation: string; title: string; trash: string }
  | { type: 'found'; query: string; results: Found[] }

export interface Found {
  conversation: string
  title: string
  /** Around the match. */
  text: string
  at: number
}
