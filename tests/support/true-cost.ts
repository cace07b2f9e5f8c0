/** What a provider would charge for a call, from what really happened. */

import type { TruthRecord } from '@matrixos/scripted-model/server'
import type { ModelPrice } from '@matrixos/shared'

/** Nano-USD, of standard calls: no factor applies. Written apart from the platform's own sum on purpose. */
export function trueCost(record: Pick<TruthRecord, 'parts'>, priceOf: (model: string) => ModelPrice): bigint {
  const millionths = record.parts.map(({ model, usage }) => {
    const { rates, webSearchPer1000 } = priceOf(model)
    return (
      BigInt(usage.input) * rates.input +
      BigInt(usage.cacheRead) * rates.cacheRead +
      BigInt(usage.cacheWrite5m) * rates.cacheWrite5m +
      BigInt(usage.cacheWrite1h) * rates.cacheWrite1h +
      BigInt(usage.output) * rates.output +
      BigInt(usage.webSearches) * (webSearchPer1000 ?? 0n) * 1_000n
    )
  })
  return (millionths.reduce((sum, part) => sum + part, 0n) + 999_999n) / 1_000_000n
}
