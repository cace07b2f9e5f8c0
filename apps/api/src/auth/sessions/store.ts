/** The SQL of sessions. */
import type { SessionId, UserId } from '@matrixos/shared'
import { and, desc, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { sessions, users } from '../../db/schema/index.ts'

export type SessionRow = typeof sessions.$inferSelect

export type SessionStore = ReturnType<typeof createSessionStore>

/** The sessions of the suspended are deleted, but one may have been opened in that very moment. */
const mayBeIn = isNull(users.suspendedAt)

/** One session, and all of one person's. */
export const createSessionStore = (database: Pick<Database, 'db'>) => ({
  ...singleSessions(database),
  ...sessionsOfPeople(database),
})

function singleSessions({ db }: Pick<Database, 'db'>) {
  async function sawUser(userId: UserId, now: Date): Promise<void> {
    await db.update(users).set({ lastSeenAt: now }).where(eq(users.id, userId))
  }

  return {
    async insertSession(row: SessionRow): Promise<void> {
      await db.insert(sessions).values(row)
      await sawUser(row.userId, row.createdAt)
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
      use: { refreshedAt: Date; expiresAt: Date; address: string },
    ): Promise<boolean> {
      const where = and(eq(sessions.id, id), eq(sessions.refreshNumber, from))
      const set = { ...use, lastUsedAt: use.refreshedAt, refreshNumber: from + 1 }
      return (await db.update(sessions).set(set).where(where).returning()).length > 0
    },

    /** Only if its last use was at `before` or earlier: of several requests at once, one writes. */
    async touchSession(id: SessionId, use: { now: Date; before: Date; address: string }): Promise<void> {
      const isStale = and(eq(sessions.id, id), lte(sessions.lastUsedAt, use.before))
      const set = { lastUsedAt: use.now, address: use.address }
      const touched = await db.update(sessions).set(set).where(isStale).returning({ userId: sessions.userId })
      for (const { userId } of touched) await sawUser(userId, use.now)
    },

    /** The person has proved again who they are; `false` when the session is gone. */
    async proveSession(id: SessionId, now: Date): Promise<boolean> {
      const set = { authenticatedAt: now }
      return (await db.update(sessions).set(set).where(eq(sessions.id, id)).returning()).length > 0
    },

    async deleteSession(id: SessionId): Promise<void> {
      await db.delete(sessions).where(eq(sessions.id, id))
    },

    async deleteExpired(now: Date): Promise<void> {
      await db.delete(sessions).where(lte(sessions.expiresAt, now))
    },
  }
}

function sessionsOfPeople({ db }: Pick<Database, 'db'>) {
  return {
    /** `null`: the account is not suspended. */
    async suspension(userId: UserId): Promise<{ reason: string } | null> {
      const rows = await db
        .select({ at: users.suspendedAt, reason: users.suspendedReason })
        .from(users)
        .where(eq(users.id, userId))
      return rows[0]?.at ? { reason: rows[0].reason ?? '' } : null
    },

    /** In the transaction of whoever ends them. */
    deleteAllOf: async (tx: DbOrTx, userIds: UserId[]): Promise<Pick<SessionRow, 'id' | 'userId'>[]> =>
      userIds.length === 0
        ? []
        : tx
            .delete(sessions)
            .where(inArray(sessions.userId, userIds))
            .returning({ id: sessions.id, userId: sessions.userId }),

    /** Those that have not expired, the last used first. */
    async sessionsOf(userId: UserId, now: Date): Promise<SessionRow[]> {
      return db
        .select()
        .from(sessions)
        .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
        .orderBy(desc(sessions.lastUsedAt), desc(sessions.id))
    },

    /** `false` when this person has no such session. */
    async deleteSessionOf(userId: UserId, id: SessionId): Promise<boolean> {
      const theirs = and(eq(sessions.id, id), eq(sessions.userId, userId))
      return (await db.delete(sessions).where(theirs).returning({ id: sessions.id })).length > 0
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

    /** All of a person's, or all but one; answers which. */
    async deleteSessionsOf(userId: UserId, keep?: SessionId): Promise<SessionId[]> {
      const others = keep && ne(sessions.id, keep)
      const rows = await db
        .delete(sessions)
        .where(and(eq(sessions.userId, userId), others))
        .returning({ id: sessions.id })
      return rows.map((row) => row.id)
    },
  }
}
