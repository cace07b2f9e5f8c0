/** The SQL of price edits: rows are only ever added; of one model and moment, the newest counts. */
import {
  type AiProvider,
  type EditedPrice,
  editedPriceSchema,
  type ModelPrice,
  type UserId,
} from '@matrixos/shared'
import { desc, eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { priceEdits, users } from '../../db/schema/index.ts'
import { chargedPrice } from './edited-price.ts'

export interface PriceEdit {
  price: ModelPrice
  note: string | null
  /** A handle, or `server`; `null`: of an account that is gone. */
  editedBy: string | null
}

export interface NewPriceEdit {
  provider: AiProvider
  model: string
  effectiveFrom: Date
  /** `null`: takes back what counts for this model and moment. */
  price: EditedPrice | null
  note: string | null
  editedBy: UserId | 'server'
  at: Date
}

export type PriceStore = ReturnType<typeof createPriceStore>

export const createPriceStore = ({ db }: Pick<Database, 'db'>) => ({
  /** Those that count, now or later. Throws a ZodError for a row that no edit of this version wrote. */
  async current(tx: DbOrTx = db): Promise<PriceEdit[]> {
    const { provider, model, effectiveFrom, id } = priceEdits
    const rows = await tx
      .selectDistinctOn([provider, model, effectiveFrom], { edit: priceEdits, handle: users.handle })
      .from(priceEdits)
      .leftJoin(users, eq(users.id, priceEdits.editedBy))
      .orderBy(provider, model, effectiveFrom, desc(id))
    return rows.flatMap(({ edit, handle }) => {
      if (edit.price === null) return []
      const price: ModelPrice = {
        ...{ provider: edit.provider, model: edit.model, effectiveFrom: edit.effectiveFrom },
        ...chargedPrice(editedPriceSchema.parse(edit.price)),
        source: 'admin',
      }
      return { price, note: edit.note, editedBy: edit.editedBy === 'server' ? 'server' : handle }
    })
  },

  async add(tx: DbOrTx, edit: NewPriceEdit): Promise<void> {
    await tx.insert(priceEdits).values(edit)
  },
})
