/** What models cost. Rates are integer nano-USD per million tokens: $0.10 per million is 100_000_000n. */
import { z } from 'zod'

/** The two wire formats, each with an upstream and own keys of its own. */
export const AI_PROVIDERS = ['anthropic', 'openai'] as const
export const aiProviderSchema = z.enum(AI_PROVIDERS)
export type AiProvider = z.infer<typeof aiProviderSchema>

/** Nano-USD per million tokens. Cache rates are each model's own, never derived from the input's. */
export interface TokenRates {
  input: bigint
  /** Written to the cache for 5 minutes, and for an hour. */
  cacheWrite5m: bigint
  cacheWrite1h: bigint
  cacheRead: bigint
  output: bigint
}

export interface ModelPrice {
  provider: AiProvider
  /** Exact id, without a date: `claude-haiku-4-5` also stands for `claude-haiku-4-5-20251001`, never for a longer name. */
  model: string
  /** From when on it applies, until the next one of the same model. */
  effectiveFrom: Date
  rates: TokenRates
  /** Above that many prompt tokens (cache included), these rates apply to every token of the call. */
  longPrompt: { aboveTokens: number; rates: TokenRates } | null
  /** Nano-USD for 1,000 searches of the provider's own web search. */
  webSearchPer1000: bigint | null
  /** Most tokens that one answer can have; `null`: unknown. */
  maxOutputTokens: number | null
  /** `package`: as published; `file`: the repository's overrides; `admin`: edited by an administrator. */
  source: 'package' | 'file' | 'admin'
}

/** Tokens of one call as the provider reports them: `input` is without cache tokens, thinking is inside `output`. */
export interface AiUsage {
  input: number
  cacheWrite5m: number
  cacheWrite1h: number
  cacheRead: number
  output: number
  webSearches: number
}

export const NO_USAGE: Readonly<AiUsage> = {
  input: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  output: 0,
  webSearches: 0,
}
