/** The price book of a running process: built-in prices once, edited ones as often as it is told to look. */
import type { ModelPrice } from '@matrixos/shared'
import { builtInPrices, createPrices, type Prices } from './book.ts'
import { filePrices } from './file.ts'
import { packagePrices } from './package.ts'

export interface PriceBookOptions {
  /** What administrators edited, as of now: `Ledger.editedPrices`. */
  edited: () => Promise<readonly ModelPrice[]>
}

export interface PriceBook extends Prices {
  /** Rejects when the edits cannot be read; the prices known so far stay in force. */
  reload: () => Promise<void>
}

/** Knows the built-in prices alone until the first `reload`: await that before the first call is charged. */
export function createPriceBook({ edited }: PriceBookOptions): PriceBook {
  const builtIn = builtInPrices(packagePrices(), filePrices())
  let prices = createPrices(builtIn)
  let newest = 0
  let asked = 0
  return {
    priceOf: (provider, model, at) => prices.priceOf(provider, model, at),
    list: (at) => prices.list(at),
    async reload() {
      const mine = ++asked
      const read = await edited()
      // Of two looks at once, the one that began later has the newer answer.
      if (mine < newest) return
      newest = mine
      prices = createPrices([...builtIn, ...read])
    },
  }
}
