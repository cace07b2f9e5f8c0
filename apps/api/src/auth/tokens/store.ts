/** The SQL of API tokens. */
import type { Id, UserId } from '@matrixos/shared'
import { and, count, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { apiTokens, users } from '../../db/schema/index.ts'

export type TokenRow = typeof apiTokens.$inferSelect

/** A token and what its owner is now, which counts more. */
export type TokenWithOwner = NonNullable<Awaited<ReturnType<TokenStore['byHash']>>>

export type TokenStore = ReturnType<typeof createTokenStore>

export function createTokenStore({ db }: Pick<Database, 'db'>) {
  const withOwner = async (isIt: ReturnType<typeof eq>) => {
    const rows = await db
      .select({
        token: apiTokens,
        handle: users.handle,
        role: users.role,
        suspendedAt: users.suspendedAt,
        suspendedReason: users.suspendedReason,
      })
      .from(apiTokens)
      .innerJoin(users, eq(users.id, apiTokens.userId))
      .where(isIt)
    return rows[0] ?? null
  }

  return {
    byHash: (hash: string) => withOwner(eq(apiTokens.hash, hash)),
    byId: (id: Id<'tok'>) => withOwner(eq(apiTokens.id, id)),

    list: async (userId: UserId): Promise<TokenRow[]> =>
      db
        .select()
        .from(apiTokens)
        .where(eq(apiTokens.userId, userId))
        .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id)),

    /** How many of a person's tokens still count. */
    async countGood(userId: UserId, now: Date, tx: DbOrTx = db): Promise<number> {
      const isGood = or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now))
      const rows = await tx
        .select({ count: count() })
        .from(apiTokens)
        .where(and(eq(apiTokens.userId, userId), isGood))
      return rows[0]?.count ?? 0
    },

    /** Keeps other transactions from giving this person a token; `null` when the account is gone. */
    async lockOwner(tx: DbOrTx, userId: UserId) {
      const owner = { role: users.role, suspendedAt: users.suspendedAt }
      const rows = await tx.select(owner).from(users).where(eq(users.id, userId)).for('update')
      return rows[0] ?? null
    },

    async insert(tx: DbOrTx, row: TokenRow): Promise<void> {
      await tx.insert(apiTokens).values(row)
    },

    /** The token that is gone, or `null` when this person had none such. */
    async delete(userId: UserId, id: Id<'tok'>, tx: DbOrTx = db): Promise<TokenRow | null> {
      const where = and(eq(apiTokens.id, id), eq(apiTokens.userId, userId))
      return (await tx.delete(apiTokens).where(where).returning())[0] ?? null
    },

    /** Only if its last use was at `before` or earlier: of several requests at once, one writes. */
    async touch(id: Id<'tok'>, times: { now: Date; before: Date }): Promise<void> {
      const isStale = or(isNull(apiTokens.lastUsedAt), lte(apiTokens.lastUsedAt, times.before))
      await db
        .update(apiTokens)
        .set({ lastUsedAt: times.now })
        .where(and(eq(apiTokens.id, id), isStale))
    },

    /** Those that expired at `before` or earlier. */
    async deleteExpired(before: Date): Promise<void> {
      await db.delete(apiTokens).where(lte(apiTokens.expiresAt, before))
    },
  }
}
