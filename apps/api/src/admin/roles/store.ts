/** The SQL of roles, and of the links that make somebody an administrator. */
import type { Role, UserId } from '@matrixos/shared'
import { and, eq, gt } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { oneTimeLinks, users } from '../../db/schema/index.ts'

export type RoleStore = ReturnType<typeof createRoleStore>

export function createRoleStore({ db }: Pick<Database, 'db'>) {
  const isAdminLinkOf = (userId: UserId) =>
    and(eq(oneTimeLinks.userId, userId), eq(oneTimeLinks.purpose, 'admin'))

  return {
    async user(handle: string) {
      const rows = await db.select().from(users).where(eq(users.handle, handle))
      return rows[0] ?? null
    },

    admins: async () =>
      db
        .select({ handle: users.handle, lastSeenAt: users.lastSeenAt })
        .from(users)
        .where(eq(users.role, 'admin'))
        .orderBy(users.handle),

    /** Links of this kind that the person had before count no more. */
    async replaceLink(
      tx: DbOrTx,
      link: Pick<typeof oneTimeLinks.$inferInsert, 'hash' | 'userId' | 'createdAt' | 'expiresAt'>,
    ): Promise<void> {
      await tx.delete(oneTimeLinks).where(isAdminLinkOf(link.userId))
      await tx.insert(oneTimeLinks).values({ ...link, purpose: 'admin', createdBy: 'server' })
    },

    /** Spends a link of this very person; anybody else's stays as it is. */
    async spendLink(tx: DbOrTx, hash: string, userId: UserId, now: Date): Promise<boolean> {
      const spent = await tx
        .delete(oneTimeLinks)
        .where(and(eq(oneTimeLinks.hash, hash), isAdminLinkOf(userId), gt(oneTimeLinks.expiresAt, now)))
        .returning({ hash: oneTimeLinks.hash })
      return spent.length > 0
    },

    /** The role before; `null`: there is no such person. */
    async setRole(tx: DbOrTx, userId: UserId, role: Role): Promise<Role | null> {
      const rows = await tx.select({ role: users.role }).from(users).where(eq(users.id, userId)).for('update')
      const before = rows[0]?.role ?? null
      if (before !== null && before !== role) await tx.update(users).set({ role }).where(eq(users.id, userId))
      // Whoever is demoted cannot come back by a link from before.
      if (role === 'member') await tx.delete(oneTimeLinks).where(isAdminLinkOf(userId))
      return before
    },
  }
}
