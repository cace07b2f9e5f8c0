/** The SQL of account notices. */
import type { SessionId, UserId } from '@matrixos/shared'
import { and, desc, eq, lt, not, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { accountNotices, sessions } from '../../db/schema/index.ts'

export type NoticeRow = typeof accountNotices.$inferSelect

export type NoticeStore = ReturnType<typeof createNoticeStore>

/** More than anybody reads at once. */
const MOST = 20

const hiddenIn = (id: SessionId) => sql`coalesce(${accountNotices.detail} -> 'hiddenIn' ? ${id}, false)`

export function createNoticeStore({ db }: Pick<Database, 'db'>) {
  return {
    async insert(tx: DbOrTx, row: Omit<NoticeRow, 'id'>): Promise<number> {
      const rows = await tx.insert(accountNotices).values(row).returning({ id: accountNotices.id })
      const [made] = rows
      if (!made) throw new Error('A notice was not stored.')
      return made.id
    },

    /** Newest first, without those hidden in this session. */
    listFor: (userId: UserId, sessionId: SessionId): Promise<NoticeRow[]> =>
      db
        .select()
        .from(accountNotices)
        .where(and(eq(accountNotices.userId, userId), not(hiddenIn(sessionId))))
        .orderBy(desc(accountNotices.id))
        .limit(MOST),

    /** For this session alone. */
    async hide(id: number, sessionId: SessionId): Promise<void> {
      const mark = sql`jsonb_set(${accountNotices.detail}, '{hiddenIn}', coalesce(${accountNotices.detail} -> 'hiddenIn', '[]') || to_jsonb(${sessionId}::text))`
      await db
        .update(accountNotices)
        .set({ detail: mark })
        .where(and(eq(accountNotices.id, id), not(hiddenIn(sessionId))))
    },

    /** For every session; `false` unless this session was open when it happened. */
    async removeSeenBy(userId: UserId, id: number, sessionId: SessionId): Promise<boolean> {
      const openedBefore = db
        .select({ one: sql`1` })
        .from(sessions)
        .where(and(eq(sessions.id, sessionId), lt(sessions.createdAt, accountNotices.at)))
      const mine = and(eq(accountNotices.userId, userId), eq(accountNotices.id, id))
      const gone = await db
        .delete(accountNotices)
        .where(and(mine, sql`exists ${openedBefore}`))
        .returning()
      return gone.length > 0
    },

    async isOf(userId: UserId, id: number): Promise<boolean> {
      return (
        (await db.$count(accountNotices, and(eq(accountNotices.userId, userId), eq(accountNotices.id, id)))) >
        0
      )
    },

    async deleteBefore(at: Date): Promise<void> {
      await db.delete(accountNotices).where(lt(accountNotices.at, at))
    },
  }
}
