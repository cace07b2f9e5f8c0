/** What the computer and the process of its chat tell each other, over the channel between parent and child. */
import * as z from 'zod/mini'
import { conversationId, itemId, origin } from './log/entry.ts'
import { LONGEST_MESSAGE } from './protocol.ts'

/** What `ChatRoom.ask` is given: a message that came some other way than by the page. */
export const question = z.object({
  /** Asked twice, answered once. */
  id: itemId,
  conversation: conversationId,
  words: z.string().check(z.minLength(1), z.maxLength(LONGEST_MESSAGE)),
  from: origin,
})
export type Asked = z.infer<typeof question>

export const setting = z.object({
  home: z.string(),
  handle: z.string(),
  displayName: z.string(),
  ai: z.nullable(z.object({ url: z.string(), token: z.string() })),
  /** Of the commands; `null`: there are none. */
  shell: z.nullable(z.string()),
  /** Whether other people's AIs can be asked. */
  hasOthers: z.optional(z.boolean()),
  /** Programs that the platform does not want, see `readDenylist`. */
  denylist: z.optional(z.string()),
  /** Why there are none. */
  noCommands: z.nullable(z.string()),
  environment: z.record(z.string(), z.string()),
  /** Origin of one of its apps, with `{app}` in place of its name; `null`: unknown. */
  appOrigin: z.nullable(z.string()),
})
export type ChatSetting = z.infer<typeof setting>

export const toHost = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), setting }),
  /** Comes with the connection itself, which was asked to become a WebSocket. `head`: base64. */
  z.object({
    type: z.literal('connection'),
    url: z.string(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    head: z.string(),
  }),
  z.object({ type: z.literal('ask'), number: z.number(), question }),
  /** To what it asked of another's AI. */
  z.object({ type: z.literal('other-answer'), number: z.number(), words: z.string(), isError: z.boolean() }),
  z.object({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHost>

export const fromHost = z.discriminatedUnion('type', [
  /** Nobody looks and nothing is under way. `received`: connections and questions so far. */
  z.object({ type: z.literal('idle'), received: z.number() }),
  z.object({ type: z.literal('answer'), number: z.number(), text: z.string() }),
  /** `isPassing`: worth asking again later. */
  z.object({ type: z.literal('no-answer'), number: z.number(), words: z.string(), isPassing: z.boolean() }),
  /** It wanted to run a program that the platform does not want. */
  z.object({ type: z.literal('denied'), program: z.string() }),
  /** It asks another's AI. */
  z.object({
    type: z.literal('ask-other'),
    number: z.number(),
    asked: z.object({ id: z.string(), handle: z.string(), words: z.string() }),
  }),
  /** An answer was done while nobody looked. */
  z.object({ type: z.literal('unseen'), conversation: z.string(), title: z.string(), words: z.string() }),
  z.object({ type: z.literal('log'), message: z.string(), details: z.record(z.string(), z.unknown()) }),
])
export type FromHost = z.infer<typeof fromHost>
