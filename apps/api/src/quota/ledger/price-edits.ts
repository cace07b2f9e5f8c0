/** Prices that administrators edited, as the price book takes them. */
import {
  type EditedPrice,
  editedPriceSchema,
  type ModelPrice,
  parseUsd,
  type TokenRates,
} from '@matrixos/shared'
import { desc } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { priceEdits } from '../../db/schema/index.ts'

type Edit = Pick<typeof priceEdits.$inferSelect, 'provider' | 'model' | 'effectiveFrom' | 'price'>

const ratesOf = (rates: EditedPrice['rates']): TokenRates => ({
  input: parseUsd(rates.input),
  cacheWrite5m: parseUsd(rates.cacheWrite5m),
  cacheWrite1h: parseUsd(rates.cacheWrite1h),
  cacheRead: parseUsd(rates.cacheRead),
  output: parseUsd(rates.output),
})

/** `null`: the edits of this model and day were taken back. */
function priceOf({ provider, model, effectiveFrom, price }: Edit): ModelPrice | null {
  if (price === null) return null
  const { rates, longPrompt, webSearchPer1000, maxOutputTokens } = editedPriceSchema.parse(price)
  return {
    ...{ provider, model, effectiveFrom, rates: ratesOf(rates), maxOutputTokens, source: 'admin' },
    longPrompt: longPrompt && { aboveTokens: longPrompt.aboveTokens, rates: ratesOf(longPrompt.rates) },
    webSearchPer1000: webSearchPer1000 === null ? null : parseUsd(webSearchPer1000),
  }
}

export function createPriceEdits({ db }: Pick<Database, 'db'>) {
  const { provider, model, effectiveFrom, price, id } = priceEdits
  return {
    /** The newest edit of each model and day. */
    async current(): Promise<ModelPrice[]> {
      const rows = await db
        .selectDistinctOn([provider, model, effectiveFrom], { provider, model, effectiveFrom, price })
        .from(priceEdits)
        .orderBy(provider, model, effectiveFrom, desc(id))
      return rows.flatMap((row) => priceOf(row) ?? [])
    },
  }
}
