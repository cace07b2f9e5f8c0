/** The SQL of accounts: people, and the handles they hold. */
import type { UserId } from '@matrixos/shared'
import { and, eq, lte, ne } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { handles, passkeys, totpLogins, users } from '../../db/schema/index.ts'

export type UserRow = typeof users.$inferSelect

export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Who stands in the way of claiming a handle: its owner, or the time after its owner left. */
    async claimOn(handle: string, now: Date): Promise<'none' | 'owner' | 'quarantined'> {
      const rows = await db.select().from(handles).where(eq(handles.handle, handle))
      const row = rows[0]
      if (!row) return 'none'
      if (row.quarantinedUntil === null) return 'owner'
      return row.quarantinedUntil > now ? 'quarantined' : 'none'
    },

    /** `false` when somebody has it. A handle whose quarantine is over is given again. */
    async claimHandle(tx: DbOrTx, handle: string, now: Date): Promise<boolean> {
      const over = lte(handles.quarantinedUntil, now)
      const claimed = await tx
        .insert(handles)
        .values({ handle })
        .onConflictDoUpdate({ target: handles.handle, set: { quarantinedUntil: null }, setWhere: over })
        .returning()
      return claimed.length > 0
    },

    async insertUser(tx: DbOrTx, row: UserRow): Promise<void> {
      await tx.insert(users).values(row)
    },

    /** `false` when it has that name already, or is gone. */
    async renameUser(id: UserId, displayName: string): Promise<boolean> {
      const other = and(eq(users.id, id), ne(users.displayName, displayName))
      return (await db.update(users).set({ displayName }).where(other).returning({ id: users.id })).length > 0
    },

    async user(id: UserId): Promise<{ user: UserRow; hasPasskey: boolean; hasTotp: boolean } | null> {
      const rows = await db
        .select()
        .from(users)
        .leftJoin(passkeys, eq(passkeys.userId, users.id))
        .leftJoin(totpLogins, eq(totpLogins.userId, users.id))
        .where(eq(users.id, id))
        .limit(1)
      const row = rows[0]
      return row
        ? { user: row.users, hasPasskey: row.passkeys !== null, hasTotp: row.totp_logins !== null }
        : null
    },
  }
}
