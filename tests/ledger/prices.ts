/**
 * What the provider would bill, from fixed prices: a second implementation on purpose, which knows nothing of the
 * platform's price book.
 */
import type { TruthRecord } from '@matrixos/scripted-model/server'
import type { AiProvider } from '@matrixos/shared'

/** Of these two, no token costs a whole number of nano-dollars: their sums show how they are rounded. */
export const FRACTION_MODEL = 'claude-fraction-1'
export const OPENAI_MODEL = 'gpt-fraction-1'

/** USD per million tokens: input, writes for 5 minutes and an hour, reads, output. */
const USD = {
  'claude-haiku-4-5': [1, 1.25, 2, 0.1, 5],
  'claude-sonnet-4-5': [3, 3.75, 6, 0.3, 15],
  'claude-sonnet-4-6': [3, 3.75, 6, 0.3, 15],
  'claude-opus-5': [5, 6.25, 10, 0.5, 25],
  'claude-opus-5-5': [4, 5, 8, 0.2, 20],
  'claude-haiku-5-5': [0.1, 0.125, 0.2, 0.01, 0.5],
  'demonstration-1': [10, 12.5, 20, 1, 50],
  [FRACTION_MODEL]: [0.3333337, 0.4166671, 0.6666674, 0.0333334, 1.6666685],
} as const
const OPENAI_USD = [0.2857143, 0.2857143, 0.2857143, 0.0285714, 1.4285717] as const
export type Model = keyof typeof USD
export const MODELS = Object.keys(USD).filter((name): name is Model => name in USD)

const edited = ([input, cacheWrite5m, cacheWrite1h, cacheRead, output]: readonly number[]) => ({
  rates: {
    ...{ input: String(input), cacheWrite5m: String(cacheWrite5m), cacheWrite1h: String(cacheWrite1h) },
    ...{ cacheRead: String(cacheRead), output: String(output) },
  },
  ...{ longPrompt: null, webSearchPer1000: '10', maxOutputTokens: 64_000 },
})
/** What the platform is told of them, as by an administrator. */
export const EDITED: { provider: AiProvider; model: string; price: ReturnType<typeof edited> }[] = [
  { provider: 'anthropic', model: FRACTION_MODEL, price: edited(USD[FRACTION_MODEL]) },
  { provider: 'openai', model: OPENAI_MODEL, price: edited(OPENAI_USD) },
]

/** Above 100,000 tokens of prompt, every token of this model is five times as dear. */
const LONG = { model: 'claude-haiku-5-5', above: 100_000, times: 5n }
/** Models before Sonnet 4.6 are served anywhere at one price. */
const DEAR_IN_US: readonly string[] = [
  'claude-sonnet-4-6',
  'claude-opus-5',
  'claude-opus-5-5',
  'claude-haiku-5-5',
  FRACTION_MODEL,
]
/** Others have no fast mode. */
export const FAST: readonly string[] = ['claude-opus-5', 'claude-opus-5-5']

const SEARCH = 10_000_000n
/** Of rates by the million, and of factors: ½ (batch), 11/10 (region). */
const DENOMINATOR = 20_000_000n

/** Nano-USD per token, times a million. */
const ratesOf = (model: string) => {
  const rates =
    model === OPENAI_MODEL ? OPENAI_USD : Object.entries(USD).find(([name]) => name === model)?.[1]
  if (!rates) throw new Error(`No fixed price of ${model}.`)
  return rates.map((usd) => BigInt(Math.round(usd * 1e9)))
}

const undated = (model: string) => model.replace(/-\d{4}-?\d\d-?\d\d$/, '')

function partCost({ model: dated, usage, ...how }: TruthRecord['parts'][number]): bigint {
  const model = undated(dated)
  const prompt = usage.input + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead
  const counts = [usage.input, usage.cacheWrite5m, usage.cacheWrite1h, usage.cacheRead, usage.output]
  const rates = ratesOf(model)
  let tokens = counts.reduce((sum, count, at) => sum + BigInt(count) * (rates[at] ?? 0n), 0n) * 20n
  if (model === LONG.model && prompt > LONG.above) tokens *= LONG.times
  if (how.serviceTier === 'batch') tokens /= 2n
  if (how.speed === 'fast') tokens *= 2n
  if (how.inferenceGeo === 'us' && DEAR_IN_US.includes(model)) tokens = (tokens * 11n) / 10n
  return tokens + BigInt(usage.webSearches) * SEARCH * DENOMINATOR
}

/** Nano-USD, rounded up once. */
export function billOf({ parts }: Pick<TruthRecord, 'parts'>): bigint {
  const sum = parts.reduce((total, part) => total + partCost(part), 0n)
  return (sum + DENOMINATOR - 1n) / DENOMINATOR
}
