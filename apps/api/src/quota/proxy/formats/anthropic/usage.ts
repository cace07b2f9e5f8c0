/**
 * The provider's usage, as it says it: a later figure that is not null replaces the one before; figures are never
 * added up over events, and the greater one is never taken.
 */
import type { AiUsage } from '@matrixos/shared'
import { z } from 'zod'
import { type CallTerms, splitCacheWrites } from '../../../prices/index.ts'
import type { Reading } from '../format.ts'
import { MOST_TOKENS } from '../parse-body.ts'

const tokens = z.number().int().min(0).max(MOST_TOKENS).nullish()
const cacheCreation = z
  .object({ ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: tokens })
  .nullish()
const figures = {
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_creation: cacheCreation,
}
const iteration = z.object({ ...figures, type: z.string().nullish(), model: z.string().nullish() })
export const usageSchema = z.object({
  ...figures,
  server_tool_use: z.object({ web_search_requests: tokens }).nullish(),
  iterations: z.array(iteration).max(1_000).nullish(),
  service_tier: z.string().nullish(),
  speed: z.string().nullish(),
  inference_geo: z.string().nullish(),
})
type Usage = z.infer<typeof usageSchema>
type Iteration = z.infer<typeof iteration>
type Figures = Omit<Iteration, 'type' | 'model'>

export interface Figured {
  model: string | null
  usage: Usage
  /** `iterations` are as new as the output's total: otherwise they tell of a part only. */
  hasNewIterations: boolean
}

export const nothingYet = (): Figured => ({ model: null, usage: {}, hasNewIterations: false })

export function overwrite(figured: Figured, said: Usage): void {
  for (const [name, value] of Object.entries(said))
    if (value !== null && value !== undefined) Object.assign(figured.usage, { [name]: value })
  if (said.iterations?.length) figured.hasNewIterations = true
  else if (said.output_tokens !== null && said.output_tokens !== undefined) figured.hasNewIterations = false
}

/** The total is what counts; what no split explains was written for the longest time that was asked for. */
function cacheWrites(said: Figures, split: Figures['cache_creation'], ttl: CallTerms['cacheTtl']) {
  const hour = split?.ephemeral_1h_input_tokens ?? 0
  const short = split?.ephemeral_5m_input_tokens ?? 0
  const total = said.cache_creation_input_tokens ?? hour + short
  const ephemeral1h = Math.min(hour, total)
  const ephemeral5m = Math.min(short, total - ephemeral1h)
  return splitCacheWrites(total, { ephemeral1h, ephemeral5m }, ttl)
}

const tokensOf = (said: Figures, ttl: CallTerms['cacheTtl'], split = said.cache_creation): AiUsage => ({
  ...cacheWrites(said, split, ttl),
  input: said.input_tokens ?? 0,
  cacheRead: said.cache_read_input_tokens ?? 0,
  output: said.output_tokens ?? 0,
  webSearches: 0,
})

/** Iterations that the totals leave out: compactions, and other models' work. */
const isBeside = ({ type }: Iteration) => (type ?? 'message') !== 'message'

/**
 * The answer's own work first. `iterations` replace the totals where they list all of it; each is a prompt of its own,
 * and priced by its own model.
 */
export function readingOf(figured: Figured, state: Reading['state'], ttl: CallTerms['cacheTtl']): Reading {
  const { model, usage, hasNewIterations } = figured
  const iterations = usage.iterations ?? []
  const isListed = hasNewIterations && !iterations.every(isBeside)
  const beside = isListed ? iterations : iterations.filter(isBeside)
  const shares = beside.map((one) => ({ model: one.model ?? model, usage: tokensOf(one, ttl) }))
  if (!isListed) shares.unshift({ model, usage: tokensOf(usage, ttl) })
  const [first] = shares
  if (first) first.usage.webSearches = usage.server_tool_use?.web_search_requests ?? 0
  return {
    state,
    model,
    shares,
    served: {
      tier: usage.service_tier ?? null,
      speed: usage.speed ?? null,
      region: usage.inference_geo ?? null,
    },
  }
}
