/** The SQL of a person's ways to sign in, whichever kind they are. */
import type { UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/database.ts'
import { passkeys, totpLogins, users } from '../../db/schema/index.ts'
import type { UserRow } from '../accounts/store.ts'

export type FactorStore = ReturnType<typeof createFactorStore>

export function createFactorStore() {
  return {
    /** Holds the person's row until the transaction ends, so that what changes their factors is done one by one. */
    async lock(tx: Tx, userId: UserId): Promise<UserRow | null> {
      const rows = await tx.select().from(users).where(eq(users.id, userId)).for('update')
      return rows[0] ?? null
    },

    /** Recovery codes do not count: they run out. */
    async count(tx: Tx, userId: UserId): Promise<{ passkeys: number; totp: number }> {
      const keys = tx.$count(passkeys, eq(passkeys.userId, userId))
      const totp = tx.$count(totpLogins, eq(totpLogins.userId, userId))
      return { passkeys: await keys, totp: await totp }
    },
  }
}
