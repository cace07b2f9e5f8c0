/** One answer of the second format, before it takes the shape of either of its two protocols. */
import { type Answer, answerTo, outputTokens } from '../answer/answer.ts'
import type { CacheUse } from '../answer/cache.ts'
import type { Prompt, PromptBlock } from '../answer/prompt.ts'
import { countTokens } from '../answer/tokens.ts'
import type { Exchange } from '../exchange.ts'
import type { Script } from '../script/schema.ts'
import type { BilledPart } from '../truth.ts'

export interface Completion {
  id: string
  /** As served. */
  model: string
  createdS: number
  answer: Answer
  newId: (prefix: string) => string
  outputTokens: number
  reasoningTokens: number
  inputTokens: number
  cachedTokens: number
  /** What is billed when the answer ends after so many tokens. */
  billed: (output: number) => BilledPart[]
}

export function createCompletion(
  exchange: Exchange,
  options: { prompt: Prompt; script: Script; requestedModel: string; idPrefix: string },
): Completion {
  const { prompt, script, requestedModel } = options
  const model = script.servedModel ?? requestedModel
  const answer = answerTo(prompt, script, exchange.keysOf)
  const cache = exchange.cache.use(model, cachedByItself(prompt.blocks), exchange.now())
  const input = uncached(cache)
  const webSearches = answer.pieces.filter(({ kind }) => kind === 'search').length
  const common = { model, speed: 'standard', serviceTier: 'standard', inferenceGeo: 'global' } as const
  return {
    id: exchange.newId(options.idPrefix),
    model,
    createdS: Math.floor(exchange.now() / 1000),
    answer,
    newId: exchange.newId,
    outputTokens: Math.max(1, outputTokens(answer.pieces)),
    reasoningTokens: outputTokens(answer.pieces.filter(({ kind }) => kind === 'thinking')),
    inputTokens: input + cache.read,
    cachedTokens: cache.read,
    billed: (output) => [
      {
        ...common,
        usage: { input, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: cache.read, output, webSearches },
      },
    ],
  }
}

/** This format's cache needs no marks, and writing to it costs nothing beyond the input. */
const cachedByItself = (blocks: readonly PromptBlock[]): PromptBlock[] =>
  blocks.map((block) => ({ ...block, cacheFor: '5m' }))

const uncached = ({ input, write5m, write1h }: CacheUse) => input + write5m + write1h

export const promptBlock = (content: unknown): PromptBlock => {
  const text = JSON.stringify(content)
  return { content: text, tokens: countTokens(text), cacheFor: null }
}

/** The texts of a content that is one, or a list of parts of which some have one. */
export function textOf(
  content: string | readonly { text?: string | undefined }[] | null | undefined,
): string {
  if (typeof content === 'string') return content
  return (content ?? []).flatMap(({ text }) => text ?? []).join('\n')
}
