/** The SQL of recovery codes. */
import type { UserId } from '@matrixos/shared'
import { and, eq, isNull, max } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { recoveryCodes, users } from '../../db/schema/index.ts'

export type RecoveryStore = ReturnType<typeof createRecoveryStore>

export function createRecoveryStore({ db }: Pick<Database, 'db'>) {
  return {
    /** In place of all codes before, used or not. */
    async replace(tx: DbOrTx, userId: UserId, hashes: string[], createdAt: Date): Promise<void> {
      await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
      await tx.insert(recoveryCodes).values(hashes.map((hash) => ({ userId, hash, createdAt })))
    },

    async status(userId: UserId): Promise<{ left: number; createdAt: Date | null }> {
      const mine = eq(recoveryCodes.userId, userId)
      const made = await db
        .select({ at: max(recoveryCodes.createdAt) })
        .from(recoveryCodes)
        .where(mine)
      const left = await db.$count(recoveryCodes, and(mine, isNull(recoveryCodes.usedAt)))
      return { left, createdAt: made[0]?.at ?? null }
    },

    /**
     * Uses a code up and answers whose it was. One statement for every case, so that neither two uses at once nor the
     * time it takes tell anything: `null` for an unknown handle, a wrong code and a used one.
     */
    async use(handle: string, hash: string, now: Date): Promise<UserId | null> {
      const owner = db.select({ id: users.id }).from(users).where(eq(users.handle, handle))
      const unused = and(
        eq(recoveryCodes.userId, owner),
        eq(recoveryCodes.hash, hash),
        isNull(recoveryCodes.usedAt),
      )
      const rows = await db.update(recoveryCodes).set({ usedAt: now }).where(unused).returning()
      return rows[0]?.userId ?? null
    },

    /** Undoes `use`. */
    async giveBack(userId: UserId, hash: string): Promise<void> {
      const used = and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.hash, hash))
      await db.update(recoveryCodes).set({ usedAt: null }).where(used)
    },

    /** For the audit log of refusals alone. */
    async userIdOf(handle: string): Promise<UserId | null> {
      const rows = await db.select({ id: users.id }).from(users).where(eq(users.handle, handle))
      return rows[0]?.id ?? null
    },
  }
}
