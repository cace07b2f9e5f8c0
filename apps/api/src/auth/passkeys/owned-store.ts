/** The SQL of a person's own passkeys. Whose they are is part of every question. */
import type { UserId } from '@matrixos/shared'
import { and, asc, eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { passkeys, users } from '../../db/schema/index.ts'
import type { UserRow } from '../accounts/store.ts'
import type { PasskeyRow } from './store.ts'

export type OwnedPasskeyStore = ReturnType<typeof createOwnedPasskeyStore>

const ownedBy = (userId: UserId, id: string) => and(eq(passkeys.userId, userId), eq(passkeys.id, id))

export function createOwnedPasskeyStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Oldest first. */
    async listOf(userId: UserId): Promise<{ user: UserRow; passkeys: PasskeyRow[] } | null> {
      const rows = await db
        .select()
        .from(users)
        .leftJoin(passkeys, eq(passkeys.userId, users.id))
        .where(eq(users.id, userId))
        .orderBy(asc(passkeys.createdAt), asc(passkeys.id))
      const [first] = rows
      return first
        ? { user: first.users, passkeys: rows.flatMap((row) => (row.passkeys ? [row.passkeys] : [])) }
        : null
    },

    async rename(userId: UserId, id: string, name: string): Promise<boolean> {
      const renamed = await db.update(passkeys).set({ name }).where(ownedBy(userId, id)).returning()
      return renamed.length > 0
    },

    async remove(tx: DbOrTx, userId: UserId, id: string): Promise<PasskeyRow | null> {
      const removed = await tx.delete(passkeys).where(ownedBy(userId, id)).returning()
      return removed[0] ?? null
    },
  }
}
