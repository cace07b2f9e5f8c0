/** What a call costs: exact in fractions of a nano-dollar, rounded up once. */
import type { AiUsage, ModelPrice, TokenRates } from '@matrixos/shared'
import { servedFactor } from './factors.ts'
import { add, multiply, type Rational, roundUp, ZERO } from './rational.ts'
import type { CallTerms, PricedUsage, ServedTerms } from './terms.ts'

/**
 * Nano-USD for 1,000 searches where a model's price has none and a search was served all the same: the dearest that
 * either provider has asked for ($25, https://developers.openai.com/api/docs/pricing).
 */
const UNPRICED_SEARCHES_PER_1000 = 25_000_000_000n

/** Cache tokens are part of the prompt. */
export const promptTokens = ({ input, cacheWrite5m, cacheWrite1h, cacheRead }: AiUsage): number =>
  input + cacheWrite5m + cacheWrite1h + cacheRead

/** A prompt above the limit makes every token of the call dearer, the answer's too. */
export const ratesFor = ({ rates, longPrompt }: ModelPrice, prompt: number): TokenRates =>
  longPrompt && prompt > longPrompt.aboveTokens ? longPrompt.rates : rates

/** Nano-USD × 1,000,000. */
const tokensAt = (rates: TokenRates, usage: AiUsage): bigint =>
  BigInt(usage.input) * rates.input +
  BigInt(usage.cacheWrite5m) * rates.cacheWrite5m +
  BigInt(usage.cacheWrite1h) * rates.cacheWrite1h +
  BigInt(usage.cacheRead) * rates.cacheRead +
  BigInt(usage.output) * rates.output

export const searchesAt = ({ webSearchPer1000 }: ModelPrice, searches: number): Rational => ({
  n: BigInt(searches) * (webSearchPer1000 ?? UNPRICED_SEARCHES_PER_1000),
  d: 1_000n,
})

function exactCost({ price, usage }: PricedUsage, served: ServedTerms): Rational {
  const tokens = { n: tokensAt(ratesFor(price, promptTokens(usage)), usage), d: 1_000_000n }
  return add(multiply(tokens, servedFactor(price, served)), searchesAt(price, usage.webSearches))
}

/** Nano-USD. Token counts are whole and not negative; BigInt throws a RangeError for a fraction. */
export const costOf = (price: ModelPrice, usage: AiUsage, served: ServedTerms): bigint =>
  roundUp(exactCost({ price, usage }, served))

/** Of a call that several models worked on (`iterations[]`): each by its own price, rounded up once for all. */
export const costOfParts = (parts: readonly PricedUsage[], served: ServedTerms): bigint =>
  roundUp(parts.map((part) => exactCost(part, served)).reduce(add, ZERO))

/**
 * Splits what was written to the cache: what is known by its life, and the rest of the total at the dearest life that
 * was asked for.
 */
export function splitCacheWrites(
  total: number,
  known: { ephemeral5m: number; ephemeral1h: number },
  asked: CallTerms['cacheTtl'],
): Pick<AiUsage, 'cacheWrite5m' | 'cacheWrite1h'> {
  const rest = Math.max(0, total - known.ephemeral5m - known.ephemeral1h)
  return asked === '1h'
    ? { cacheWrite5m: known.ephemeral5m, cacheWrite1h: known.ephemeral1h + rest }
    : { cacheWrite5m: known.ephemeral5m + rest, cacheWrite1h: known.ephemeral1h }
}
