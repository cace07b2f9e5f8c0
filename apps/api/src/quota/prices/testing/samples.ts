/** Prices and calls to try things on. */
import { type AiUsage, type ModelPrice, NO_USAGE, parseUsd, type TokenRates } from '@matrixos/shared'
import type { CallTerms, ServedTerms } from '../terms.ts'

/** Of `'1/1.25/2/0.10/5'`: USD per million tokens of input, writes for 5 minutes and an hour, reads, output. */
export function ratesOf(list: string): TokenRates {
  const [input = 0n, cacheWrite5m = 0n, cacheWrite1h = 0n, cacheRead = 0n, output = 0n] = list
    .split('/')
    .map(parseUsd)
  return { input, cacheWrite5m, cacheWrite1h, cacheRead, output }
}

export const priceOf = (list: string, price: Partial<ModelPrice> = {}): ModelPrice => ({
  provider: 'anthropic',
  model: 'claude-sample-1',
  effectiveFrom: new Date('2026-01-01T00:00:00Z'),
  rates: ratesOf(list),
  longPrompt: null,
  webSearchPer1000: parseUsd('10'),
  maxOutputTokens: null,
  source: 'file',
  ...price,
})

export const usage = (counts: Partial<AiUsage>): AiUsage => ({ ...NO_USAGE, ...counts })

export const STANDARD: ServedTerms = { tier: null, speed: null, region: null }

export const terms = (asked: Partial<CallTerms> = {}): CallTerms => ({
  model: 'claude-sample-1',
  bytes: 0,
  opaque: [],
  imagesByUrl: 0,
  countedTokens: null,
  maxTokens: 0,
  choices: 1,
  cacheTtl: 'none',
  hasTools: false,
  namedTools: 0,
  webSearchMaxUses: 0,
  hasServerTools: false,
  tier: null,
  speed: null,
  region: 'global',
  ...asked,
})
