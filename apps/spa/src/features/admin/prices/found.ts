/** Which prices a search finds, model by model: what applies now, what is to come, and what was before. */
import type { PriceView } from '@matrixos/shared'

export type When = 'now' | 'later' | 'past'

/** `now`: milliseconds. */
export function whenOf({ effectiveFrom, effectiveUntil }: PriceView, now: number): When {
  if (Date.parse(effectiveFrom) > now) return 'later'
  return effectiveUntil !== null && Date.parse(effectiveUntil) <= now ? 'past' : 'now'
}

/** Every word has to be in the model's id, the provider or the source. */
export function foundPrices(prices: readonly PriceView[], search: string): PriceView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return prices
    .filter(({ provider, model, source }) => {
      const text = `${provider} ${model} ${source}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(
      (one, other) =>
        one.provider.localeCompare(other.provider) ||
        one.model.localeCompare(other.model) ||
        other.effectiveFrom.localeCompare(one.effectiveFrom),
    )
}
