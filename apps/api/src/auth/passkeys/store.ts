/** The SQL of passkeys. */
import type { UserId } from '@matrixos/shared'
import { and, eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { passkeys, users } from '../../db/schema/index.ts'
import type { UserRow } from '../accounts/store.ts'

export type PasskeyRow = typeof passkeys.$inferSelect

export type PasskeyStore = ReturnType<typeof createPasskeyStore>

export function createPasskeyStore({ db }: Pick<Database, 'db'>) {
  return {
    async insertPasskey(tx: DbOrTx, row: PasskeyRow): Promise<void> {
      await tx.insert(passkeys).values(row)
    },

    async passkey(id: string): Promise<{ passkey: PasskeyRow; user: UserRow } | null> {
      const rows = await db
        .select({ passkey: passkeys, user: users })
        .from(passkeys)
        .innerJoin(users, eq(users.id, passkeys.userId))
        .where(eq(passkeys.id, id))
      return rows[0] ?? null
    },

    async passkeyIdsOf(userId: UserId): Promise<string[]> {
      const rows = await db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, userId))
      return rows.map(({ id }) => id)
    },

    /** `false` when the counter moved meanwhile: two logins with one answer. */
    async usePasskey(
      key: PasskeyRow,
      seen: { newCounter: number; backedUp: boolean },
      now: Date,
    ): Promise<boolean> {
      const same = and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter))
      const set = { counter: seen.newCounter, backedUp: seen.backedUp, lastUsedAt: now }
      return (await db.update(passkeys).set(set).where(same).returning()).length > 0
    },
  }
}
