/** The SQL of sessions. */
import type { SessionId, UserId } from '@matrixos/shared'
import { and, desc, eq, gt, inArray, isNull, lte } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { sessions, users } from '../../db/schema/index.ts'

export type SessionRow = typeof sessions.$inferSelect

export type SessionStore = ReturnType<typeof createSessionStore>

export function createSessionStore({ db }: Pick<Database, 'db'>) {
  // Their sessions are deleted, but one may have been opened in that very moment.
  const mayBeIn = isNull(users.suspendedAt)

  return {
    /** `null`: the account is not suspended. */
    async suspension(userId: UserId): Promise<{ reason: string } | null> {
      const rows = await db
        .select({ at: users.suspendedAt, reason: users.suspendedReason })
        .from(users)
        .where(eq(users.id, userId))
      return rows[0]?.at ? { reason: rows[0].reason ?? '' } : null
    },

    async insertSession(row: SessionRow): Promise<void> {
      await db.insert(sessions).values(row)
    },

    async session(id: SessionId, now: Date) {
      const rows = await db
        .select({ session: sessions, handle: users.handle, role: users.role })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.id, id), gt(sessions.expiresAt, now), mayBeIn))
      return rows[0] ?? null
    },

    /** Expired or not. */
    async sessionRow(id: SessionId): Promise<SessionRow | null> {
      const rows = await db
        .select({ session: sessions })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.id, id), mayBeIn))
      return rows[0]?.session ?? null
    },

    /** Which of these there still are. */
    async existing(ids: SessionId[]): Promise<SessionId[]> {
      const rows = await db
        .select({ id: sessions.id })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(inArray(sessions.id, ids), mayBeIn))
      return rows.map((row) => row.id)
    },

    /** Moves on to the next refresh token; `false` when another request did so first. */
    async rotate(
      id: SessionId,
      from: number,
      times: { refreshedAt: Date; expiresAt: Date },
    ): Promise<boolean> {
      const where = and(eq(sessions.id, id), eq(sessions.refreshNumber, from))
      const set = { ...times, lastUsedAt: times.refreshedAt, refreshNumber: from + 1 }
      return (await db.update(sessions).set(set).where(where).returning()).length > 0
    },

    /** Only if its last use was at `before` or earlier: of several requests at once, one writes. */
    async touchSession(id: SessionId, times: { now: Date; before: Date }): Promise<void> {
      const isStale = and(eq(sessions.id, id), lte(sessions.lastUsedAt, times.before))
      await db.update(sessions).set({ lastUsedAt: times.now }).where(isStale)
    },

    /** The person has proved again who they are; `false` when the session is gone. */
    async proveSession(id: SessionId, now: Date): Promise<boolean> {
      const set = { authenticatedAt: now }
      return (await db.update(sessions).set(set).where(eq(sessions.id, id)).returning()).length > 0
    },

    async deleteSession(id: SessionId): Promise<void> {
      await db.delete(sessions).where(eq(sessions.id, id))
    },

    /**
     * Ends all but the `keep` sessions of a person that were used last; answers which. `opened` stays in any case: after
     * the clock was set back it may look like the oldest.
     */
    async deleteOldest(userId: UserId, keep: number, opened: SessionId): Promise<SessionId[]> {
      const newestFirst = [desc(eq(sessions.id, opened)), desc(sessions.lastUsedAt), desc(sessions.id)]
      const surplus = db
        .select({ id: sessions.id })
        .from(sessions)
        .where(eq(sessions.userId, userId))
        .orderBy(...newestFirst)
        .offset(keep)
      const rows = await db
        .delete(sessions)
        .where(inArray(sessions.id, surplus))
        .returning({ id: sessions.id })
      return rows.map((row) => row.id)
    },

    async deleteSessionsOf(userId: UserId): Promise<SessionId[]> {
      const rows = await db.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id })
      return rows.map((row) => row.id)
    },

    /** In the transaction of whoever ends them. */
    deleteAllOf: async (tx: DbOrTx, userIds: UserId[]): Promise<Pick<SessionRow, 'id' | 'userId'>[]> =>
      userIds.length === 0
        ? []
        : tx
            .delete(sessions)
            .where(inArray(sessions.userId, userIds))
            .returning({ id: sessions.id, userId: sessions.userId }),

    async deleteExpired(now: Date): Promise<void> {
      await db.delete(sessions).where(lte(sessions.expiresAt, now))
    },
  }
}
