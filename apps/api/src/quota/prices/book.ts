/**
 * The price book: what each model costs at each moment, from three sources.
 *
 * What an administrator edited goes before the repository's file, and that before the package, at every moment from
 * which they apply: an edit stays in force until it is taken back or a newer edit begins, and no upgrade of the platform
 * changes it silently (`npm run prices -- changes` says what it hides). Within a source, the one that began last.
 */
import type { AiProvider, ModelPrice } from '@matrixos/shared'
import type { FilePrices } from './file.ts'
import { namesFor } from './match.ts'

const RANK: Record<ModelPrice['source'], number> = { admin: 2, file: 1, package: 0 }

/** Pure: prices in, answers out. */
export interface Prices {
  /** Of a model as it was asked for, with or without its date; `null`: unknown. */
  priceOf: (provider: AiProvider, model: string, at: Date) => ModelPrice | null
  /** Every price that counts at `at` or later and is hidden by no other, by model and time. */
  list: (at: Date) => ListedPrice[]
}

export interface ListedPrice {
  price: ModelPrice
  /** `null`: until further notice. */
  effectiveUntil: Date | null
}

const keyOf = (provider: AiProvider, model: string) => `${provider} ${model}`

/** Later ones of the same source, model and moment replace earlier ones. */
export function createPrices(prices: readonly ModelPrice[]): Prices {
  const byModel = Map.groupBy(prices, ({ provider, model }) => keyOf(provider, model))

  const pick = (candidates: readonly ModelPrice[], at: Date): ModelPrice | null =>
    candidates
      .filter(({ effectiveFrom }) => effectiveFrom <= at)
      .reduce<ModelPrice | null>((best, one) => (best && isBefore(one, best) ? best : one), null)

  /** From `at` on: whenever another price begins to count, this one's time is over. */
  function timeline(candidates: readonly ModelPrice[], at: Date): ListedPrice[] {
    const starts = candidates.map(({ effectiveFrom }) => effectiveFrom).filter((start) => start > at)
    const moments = [at, ...starts.sort((a, b) => a.getTime() - b.getTime())]
    const listed: ListedPrice[] = []
    for (const moment of moments) {
      const price = pick(candidates, moment)
      const last = listed.at(-1)
      if (!price || last?.price === price) continue
      if (last) last.effectiveUntil = moment
      listed.push({ price, effectiveUntil: null })
    }
    return listed
  }

  return {
    priceOf(provider, model, at) {
      for (const name of namesFor(provider, model)) {
        const price = pick(byModel.get(keyOf(provider, name)) ?? [], at)
        if (price) return price
      }
      return null
    },
    list: (at) => [...byModel.keys()].sort().flatMap((key) => timeline(byModel.get(key) ?? [], at)),
  }
}

/** Whether `one` gives way to `other`, which stands earlier among the prices. */
const isBefore = (one: ModelPrice, other: ModelPrice): boolean =>
  RANK[one.source] === RANK[other.source]
    ? one.effectiveFrom < other.effectiveFrom
    : RANK[one.source] < RANK[other.source]

/** Those of the package with what the file adds to them, and the file's own. */
export const builtInPrices = (ofPackage: readonly ModelPrice[], file: FilePrices): ModelPrice[] => [
  ...ofPackage.map((price) => ({
    ...price,
    maxOutputTokens: file.maxOutputTokens(price.provider, price.model) ?? price.maxOutputTokens,
  })),
  ...file.prices,
]
