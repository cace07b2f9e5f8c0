/** The SQL of suspensions of accounts. */
import type { UserId } from '@matrixos/shared'
import { inArray } from 'drizzle-orm'
import type { DbOrTx } from '../../db/database.ts'
import { users } from '../../db/schema/index.ts'

export type SuspensionStore = typeof suspensionStore

export const suspensionStore = {
  /** One after the other, in the order that everybody locks them in. A sign-in under way comes before, or waits. */
  async lock(tx: DbOrTx, ids: UserId[]): Promise<void> {
    await tx
      .select({ id: users.id })
      .from(users)
      .where(inArray(users.id, ids))
      .orderBy(users.id)
      .for('update')
  },

  async set(
    tx: DbOrTx,
    ids: UserId[],
    suspension: { at: Date; reason: string | null } | null,
  ): Promise<void> {
    if (ids.length === 0) return
    const set = { suspendedAt: suspension?.at ?? null, suspendedReason: suspension?.reason ?? null }
    await tx.update(users).set(set).where(inArray(users.id, ids))
  },
}
