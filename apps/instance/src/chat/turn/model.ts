/** One call of the model, and which models there are. */
import { setTimeout as delay } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import type { Tool as ApiTool, Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { AiAccess } from '../../ai/request.ts'
import type { Cost } from '../log/entry.ts'
import type { ModelChoice } from '../protocol.ts'
import type { Sent } from './context.ts'
import { createTransport } from './transport.ts'

/** The least expensive one that does this well; known to be there where no list can be had. */
const USUAL_MODEL = 'claude-haiku-4-5'
/** Enough for a file of an app; what is set aside for a call is little more than that. */
const MOST_TOKENS = 16_000
const RETRIES = 2
const LIST_WITHIN_MS = 10_000
const NO_WORD_FOR_MS = 180_000
const END_WITHIN_MS = 1_000

export interface CallOptions {
  model: string
  system: string
  tools: ApiTool[]
  messages: Sent[]
  signal: AbortSignal
  onEvent: (event: RawMessageStreamEvent, snapshot: Message) => void
}

export interface CallResult {
  message: Message
  cost: Cost
  /** It could be only as long as the credits allow. */
  isClamped: boolean
}

export interface Model {
  call(options: CallOptions): Promise<CallResult>
  /** Never rejects; the cheapest first. */
  list(): Promise<ModelChoice[]>
}

export function createModel({ url, token }: AiAccess): Model {
  const clientWith = (fetch: typeof globalThis.fetch) =>
    new Anthropic({
      ...{ baseURL: url.replace(/\/+$/, ''), apiKey: token, authToken: null },
      ...{ maxRetries: RETRIES, timeout: NO_WORD_FOR_MS, fetch, logLevel: 'off' as const },
    })
  return {
    async call({ model, system, tools, messages, signal, onEvent }) {
      const { fetch, cost, isClamped, ended } = createTransport()
      const stream = clientWith(fetch).messages.stream(
        {
          ...{ model, max_tokens: MOST_TOKENS, tools },
          system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
          messages: withCache(messages),
        },
        { signal },
      )
      stream.on('streamEvent', onEvent)
      const message = await stream.finalMessage()
      // What the proxy says of the cost comes after the last event.
      await Promise.race([ended(), delay(END_WITHIN_MS, undefined, { ref: false })])
      return { message, cost: cost(), isClamped: isClamped() }
    },
    async list() {
      try {
        const found = await clientWith(createTransport().fetch).models.list(
          { limit: 100 },
          { timeout: LIST_WITHIN_MS, maxRetries: 1 },
        )
        return inOrder(found.data.map(({ id, display_name }) => ({ id, name: display_name })))
      } catch {
        return []
      }
    },
  }
}

/** All up to here is read again with the next call, for a tenth of the price. */
function withCache(messages: readonly Sent[]): Sent[] {
  const last = messages.at(-1)
  if (!last) return []
  const { role, content } = last
  const end = content.at(-1)
  if (!end || end.type === 'thinking' || end.type === 'redacted_thinking') return [...messages]
  const marked = { ...end, cache_control: { type: 'ephemeral' as const } }
  return [...messages.slice(0, -1), { role, content: [...content.slice(0, -1), marked] }]
}

/** By their families, from the least to the most expensive; those of other providers speak another protocol. */
const FAMILIES = ['haiku', 'sonnet', 'opus']
const familyOf = ({ id }: ModelChoice) => FAMILIES.findIndex((name) => id.includes(name))

function inOrder(models: readonly ModelChoice[]): ModelChoice[] {
  return models.filter((one) => one.id.startsWith('claude')).sort((a, b) => rank(a) - rank(b))
}
const rank = (model: ModelChoice) => (familyOf(model) + FAMILIES.length + 1) % (FAMILIES.length + 1)

/** The one that was chosen, where it is there; else the first of the least expensive. */
export const chosenOf = (models: readonly ModelChoice[], chosen: string | null): string =>
  models.find(({ id }) => id === chosen)?.id ?? models[0]?.id ?? chosen ?? USUAL_MODEL
