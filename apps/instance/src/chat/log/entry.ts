/**
 * One line of a conversation's file, `~/chats/ID.jsonl`: what happened, in order, and never changed afterwards. The page
 * is told of the same entries, so both make the same conversation of them (`tree.ts`).
 */
import * as z from 'zod/mini'

/** Of a conversation, and half of its file's name. */
export const CONVERSATION_ID = /^[a-z0-9][a-z0-9-]{2,63}$/
/** Of a message and of an answer. Others than this page make them too: a channel names the message that it got. */
const ITEM_ID = /^[\w.:@+-]{1,200}$/

export const conversationId = z.string().check(z.regex(CONVERSATION_ID))
export const itemId = z.string().check(z.regex(ITEM_ID))
/** Milliseconds since 1970. */
const at = z.number()

/** Who asked, when that was not the owner at this page. */
export const origin = z.object({
  kind: z.enum(['channel', 'schedule', 'app']),
  /** As people call it: `Telegram`, `Every morning`. */
  name: z.string().check(z.minLength(1), z.maxLength(80)),
})
export type Origin = z.infer<typeof origin>

/** A picture that was dropped in: a file in the conversation's own folder. */
export const image = z.object({
  name: z.string().check(z.regex(/^[\w-]{1,80}\.(jpg|png|webp|gif)$/)),
  width: z.optional(z.number()),
  height: z.optional(z.number()),
})
export type Image = z.infer<typeof image>

const textBlock = z.object({ type: z.literal('text'), text: z.string() })
const toolBlock = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
})
/** Of a model that thinks first; goes back to it as it came. */
const thinkingBlock = z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() })
const redactedBlock = z.object({ type: z.literal('redacted_thinking'), data: z.string() })
export const block = z.discriminatedUnion('type', [textBlock, toolBlock, thinkingBlock, redactedBlock])
export type Block = z.infer<typeof block>
export type ToolBlock = z.infer<typeof toolBlock>

/** A file that a tool wrote, and what it takes to have the one before again. */
export const change = z.object({
  path: z.string(),
  /** Name of the copy in the conversation's folder; `null`: nothing was there. */
  before: z.nullable(z.string()),
  /** Version of what was written, see `entries.ts` of the files. */
  after: z.string(),
})
export type Change = z.infer<typeof change>

/** What somebody has to be asked before a tool may do it. */
const RISKS = ['deletes', 'leaves', 'network', 'runs', 'secrets', 'settings'] as const
export const risk = z.enum(RISKS)
export type Risk = z.infer<typeof risk>

const FAILURES = [
  'credits',
  'key',
  'busy',
  'overloaded',
  'unreachable',
  'lost',
  'refused',
  'disk',
  'none',
] as const
export const failure = z.object({
  kind: z.enum(FAILURES),
  /** A sentence for the person who is there. */
  words: z.string(),
})
export type Failure = z.infer<typeof failure>

export const cost = z.object({
  /** Decimal USD; `null`: nobody said. */
  usd: z.nullable(z.string()),
  /** What is left of the credits then; `null`: they did not pay. */
  left: z.nullable(z.string()),
})
export type Cost = z.infer<typeof cost>

const HOW = ['done', 'stopped', 'failed', 'limit', 'cut', 'interrupted'] as const

export const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begun'), id: conversationId, at }),
  z.object({ type: z.literal('title'), title: z.string(), at }),
  /** `parent`: the answer that it follows, `null` at the beginning. Two with one parent are branches. */
  z.object({
    type: z.literal('said'),
    id: itemId,
    parent: z.nullable(itemId),
    text: z.string(),
    images: z.array(image),
    from: z.optional(origin),
    at,
  }),
  /** An answer begins. `parent`: what it answers. */
  z.object({ type: z.literal('turn'), id: itemId, parent: itemId, model: z.string(), at }),
  /** One call of the model. `isPartial`: it was cut off. */
  z.object({
    type: z.literal('step'),
    turn: itemId,
    content: z.array(block),
    cost: z.optional(cost),
    isPartial: z.optional(z.boolean()),
    at,
  }),
  z.object({
    type: z.literal('result'),
    turn: itemId,
    tool: z.string(),
    text: z.string(),
    isError: z.boolean(),
    changes: z.optional(z.array(change)),
    /** An app that was made. */
    app: z.optional(z.object({ name: z.string(), title: z.string() })),
    at,
  }),
  z.object({ type: z.literal('undone'), tool: z.string(), at }),
  /** Needs no question in this conversation any more. */
  z.object({ type: z.literal('allowed'), risk, at }),
  z.object({ type: z.literal('note'), turn: itemId, text: z.string(), at }),
  z.object({ type: z.literal('ended'), turn: itemId, how: z.enum(HOW), failure: z.optional(failure), at }),
])
export type Entry = z.infer<typeof entry>
export type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>
