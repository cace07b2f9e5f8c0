/** The SQL of where people want their alerts sent. */
import type { UserId } from '@matrixos/shared'
import { and, eq, isNull } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { alertAddresses } from '../../db/schema/index.ts'

export type AlertAddress = typeof alertAddresses.$inferSelect

export type AddressStore = ReturnType<typeof createAddressStore>

export function createAddressStore({ db }: Pick<Database, 'db'>) {
  return {
    async of(userId: UserId): Promise<AlertAddress | null> {
      const rows = await db.select().from(alertAddresses).where(eq(alertAddresses.userId, userId))
      return rows[0] ?? null
    },

    /** Not confirmed, also where it was: whoever changed it has to show again that they read it. */
    async put(tx: DbOrTx, row: Omit<AlertAddress, 'confirmedAt'>): Promise<void> {
      const { email, createdAt } = row
      await tx
        .insert(alertAddresses)
        .values(row)
        .onConflictDoUpdate({
          target: alertAddresses.userId,
          set: { email, createdAt, confirmedAt: null },
        })
    },

    /** `false`: there was none. */
    async remove(tx: DbOrTx, userId: UserId): Promise<boolean> {
      const gone = await tx.delete(alertAddresses).where(eq(alertAddresses.userId, userId)).returning()
      return gone.length > 0
    },

    /** `false`: another address, or none, is theirs by now, or this one is confirmed. */
    async confirm(tx: DbOrTx, userId: UserId, email: string, at: Date): Promise<boolean> {
      const confirmed = await tx
        .update(alertAddresses)
        .set({ confirmedAt: at })
        .where(
          and(
            eq(alertAddresses.userId, userId),
            eq(alertAddresses.email, email),
            isNull(alertAddresses.confirmedAt),
          ),
        )
        .returning()
      return confirmed.length > 0
    },
  }
}
