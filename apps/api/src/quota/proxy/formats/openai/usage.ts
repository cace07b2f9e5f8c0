/**
 * Usage as this provider says it: once, at the end. What was read from the cache and written to it is inside the input,
 * reasoning is inside the output.
 */
import type { AiUsage } from '@matrixos/shared'
import { z } from 'zod'
import type { Reading } from '../format.ts'
import { MOST_TOKENS } from '../parse-body.ts'

const tokens = z.number().int().min(0).max(MOST_TOKENS)
const inputDetails = z
  .object({ cached_tokens: tokens.nullish(), cache_write_tokens: tokens.nullish() })
  .nullish()

export const chatUsageSchema = z
  .object({ prompt_tokens: tokens, completion_tokens: tokens, prompt_tokens_details: inputDetails })
  .transform((said) => usageOf(said.prompt_tokens, said.completion_tokens, said.prompt_tokens_details))

export const responseUsageSchema = z
  .object({ input_tokens: tokens, output_tokens: tokens, input_tokens_details: inputDetails })
  .transform((said) => usageOf(said.input_tokens, said.output_tokens, said.input_tokens_details))

/** The total is what counts: details that are more than it are cut, and none is charged twice. */
function usageOf(input: number, output: number, details: z.infer<typeof inputDetails>): AiUsage {
  const cacheRead = Math.min(details?.cached_tokens ?? 0, input)
  const cacheWrite5m = Math.min(details?.cache_write_tokens ?? 0, input - cacheRead)
  return {
    ...{ cacheRead, cacheWrite5m, cacheWrite1h: 0, webSearches: 0 },
    ...{ input: input - cacheRead - cacheWrite5m, output },
  }
}

/** What was said so far. */
export interface Said {
  state: Reading['state']
  model: string | null
  tier: string | null
  usage: AiUsage | null
}

export const nothingSaid = (): Said => ({ state: 'none', model: null, tier: null, usage: null })

export const readingOf = ({ state, model, tier, usage }: Said): Reading => ({
  ...{ state, model },
  shares: usage ? [{ model, usage }] : [],
  served: { tier, speed: null, region: null },
})
