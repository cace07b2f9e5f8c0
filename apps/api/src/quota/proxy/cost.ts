/** What a reading of an answer's usage comes to. */
import { type AiProvider, type AiUsage, type ModelPrice, NO_USAGE } from '@matrixos/shared'
import { costOfParts } from '../prices/index.ts'
import type { Reading } from './formats/format.ts'
import { MOST_TOKENS } from './formats/parse-body.ts'
import type { Prices } from './types.ts'

const sum = (a: number, b: number) => Math.min(MOST_TOKENS, a + b)

/** For the ledger's row: all shares together, as far as its columns reach. */
export const usageOf = ({ shares }: Pick<Reading, 'shares'>): AiUsage =>
  shares.reduce(
    (total, { usage }) => ({
      input: sum(total.input, usage.input),
      cacheWrite5m: sum(total.cacheWrite5m, usage.cacheWrite5m),
      cacheWrite1h: sum(total.cacheWrite1h, usage.cacheWrite1h),
      cacheRead: sum(total.cacheRead, usage.cacheRead),
      output: sum(total.output, usage.output),
      webSearches: sum(total.webSearches, usage.webSearches),
    }),
    NO_USAGE,
  )

export const hasUsage = (reading: Reading): boolean =>
  Object.values(usageOf(reading)).some((count) => count > 0)

/** Each share by its own model's price; one that has none by that of the model asked for. Without any, nothing. */
export function costOf(
  reading: Reading,
  asked: ModelPrice | null,
  provider: AiProvider,
  prices: Prices,
): bigint {
  const parts = reading.shares.flatMap(({ model, usage }) => {
    const price = (model === null ? null : prices.find(provider, model)) ?? asked
    return price ? [{ price, usage }] : []
  })
  return costOfParts(parts, reading.served)
}
