/** The SQL of a person's own password and authenticator app. */
import type { UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { totpLogins, users } from '../../db/schema/index.ts'
import type { TotpRow } from './store.ts'

export type OwnedTotpStore = ReturnType<typeof createOwnedTotpStore>

export function createOwnedTotpStore({ db }: Pick<Database, 'db'>) {
  return {
    /** `null` for an account that was deleted. */
    async stateOf(userId: UserId): Promise<{ handle: string; isSet: boolean } | null> {
      const rows = await db
        .select({ handle: users.handle, totp: totpLogins.userId })
        .from(users)
        .leftJoin(totpLogins, eq(totpLogins.userId, users.id))
        .where(eq(users.id, userId))
      const [row] = rows
      return row ? { handle: row.handle, isSet: row.totp !== null } : null
    },

    /** In place of the one before, if there is one: its codes and its wrong guesses count no more. */
    async put(
      tx: DbOrTx,
      row: Pick<TotpRow, 'userId' | 'passwordHash' | 'sealedSecret' | 'lastStep'>,
    ): Promise<void> {
      const set = { ...row, failures: 0, lockedUntil: null }
      await tx.insert(totpLogins).values(row).onConflictDoUpdate({ target: totpLogins.userId, set })
    },

    async setPassword(tx: DbOrTx, userId: UserId, passwordHash: string): Promise<boolean> {
      const mine = eq(totpLogins.userId, userId)
      return (await tx.update(totpLogins).set({ passwordHash }).where(mine).returning()).length > 0
    },

    async remove(tx: DbOrTx, userId: UserId): Promise<boolean> {
      return (await tx.delete(totpLogins).where(eq(totpLogins.userId, userId)).returning()).length > 0
    },
  }
}
