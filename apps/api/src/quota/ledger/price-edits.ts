/** Prices that administrators edited, as the price book takes them. */
import { editedPriceSchema, type ModelPrice } from '@matrixos/shared'
import { desc } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { priceEdits } from '../../db/schema/index.ts'
import { chargedPrice } from '../prices/edited-price.ts'

type Edit = Pick<typeof priceEdits.$inferSelect, 'provider' | 'model' | 'effectiveFrom' | 'price'>

/** `null`: the edits of this model and day were taken back. */
function priceOf({ provider, model, effectiveFrom, price }: Edit): ModelPrice | null {
  if (price === null) return null
  return { provider, model, effectiveFrom, ...chargedPrice(editedPriceSchema.parse(price)), source: 'admin' }
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
