/** The SQL of invites. */
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { invites, users } from '../../db/schema/index.ts'

export type InviteRow = typeof invites.$inferSelect
/** `creator`: their handle, while they have an account. */
export interface ListedInvite {
  invite: InviteRow
  creator: string | null
}

export type InviteStore = ReturnType<typeof createInviteStore>

export function createInviteStore({ db }: Pick<Database, 'db'>) {
  const isUsable = (now: Date) =>
    and(lt(invites.uses, invites.maxUses), or(isNull(invites.expiresAt), gt(invites.expiresAt, now)))

  return {
    async insert(tx: DbOrTx, row: Omit<InviteRow, 'uses'>): Promise<void> {
      await tx.insert(invites).values(row)
    },

    /** Newest first, beginning after `before`. */
    page: async (before: { at: Date; code: string } | null, limit: number): Promise<ListedInvite[]> =>
      db
        .select({ invite: invites, creator: users.handle })
        .from(invites)
        .leftJoin(users, eq(users.id, invites.createdBy))
        .where(
          before
            ? sql`(${invites.createdAt}, ${invites.code}) < (${before.at.toISOString()}, ${before.code})`
            : undefined,
        )
        .orderBy(desc(invites.createdAt), desc(invites.code))
        .limit(limit),

    async isUsable(code: string, now: Date): Promise<boolean> {
      const found = await db
        .select({ code: invites.code })
        .from(invites)
        .where(and(eq(invites.code, code), isUsable(now)))
      return found.length > 0
    },

    /** `false`: there is no use left. Of several sign-ups at once none takes more than there are. */
    async spend(tx: DbOrTx, code: string, now: Date): Promise<boolean> {
      const spent = await tx
        .update(invites)
        .set({ uses: sql`${invites.uses} + 1` })
        .where(and(eq(invites.code, code), isUsable(now)))
        .returning({ code: invites.code })
      return spent.length > 0
    },

    /** `null`: there was none. */
    async remove(tx: DbOrTx, code: string): Promise<InviteRow | null> {
      const rows = await tx.delete(invites).where(eq(invites.code, code)).returning()
      return rows[0] ?? null
    },
  }
}
