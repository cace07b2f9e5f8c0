/** The SQL of alerts on their way. */
import type { UserId } from '@matrixos/shared'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { creditAlerts, users } from '../../db/schema/index.ts'

export type AlertRow = typeof creditAlerts.$inferSelect
export type AlertKey = Pick<AlertRow, 'userId' | 'round' | 'threshold'>

export type AlertStore = ReturnType<typeof createAlertStore>

/** Longer than one delivery takes: until then no other process tries. */
const FIRST_RETRY_S = 60
const LONGEST_RETRY_S = 3_600
/** `2 ^ attempts` would not end. */
const MOST_DOUBLINGS = 10

export function createAlertStore({ db }: Pick<Database, 'db'>) {
  const isOne = ({ userId, round, threshold }: AlertKey) =>
    and(eq(creditAlerts.userId, userId), eq(creditAlerts.round, round), eq(creditAlerts.threshold, threshold))
  const update = async (key: AlertKey, set: Partial<AlertRow>): Promise<void> => {
    await db.update(creditAlerts).set(set).where(isOne(key))
  }

  return {
    /** Those that are due, for this process alone until they are due again. */
    async claim(most: number): Promise<AlertRow[]> {
      const due = sql`select a.user_id, a.round, a.threshold from ${creditAlerts} a where a.next_attempt_at <= now()
        order by a.next_attempt_at limit ${most} for update skip locked`
      const wait = sql`least(${LONGEST_RETRY_S}, ${FIRST_RETRY_S} * 2 ^ least(${creditAlerts.attempts}, ${MOST_DOUBLINGS}))`
      return db
        .update(creditAlerts)
        .set({
          attempts: sql`${creditAlerts.attempts} + 1`,
          nextAttemptAt: sql`now() + ${wait} * interval '1 second'`,
        })
        .where(sql`(${creditAlerts.userId}, ${creditAlerts.round}, ${creditAlerts.threshold}) in (${due})`)
        .returning()
    },

    async handleOf(userId: UserId): Promise<string | null> {
      const rows = await db.select({ handle: users.handle }).from(users).where(eq(users.id, userId))
      return rows[0]?.handle ?? null
    },

    markMailed: (key: AlertKey, at: Date) => update(key, { mailedAt: at }),
    markPosted: (key: AlertKey, at: Date) => update(key, { postedAt: at }),
    /** Nothing is left to deliver. */
    finish: (key: AlertKey) => update(key, { nextAttemptAt: null }),

    /** Of people who are gone, once they were delivered. */
    async deleteGone(): Promise<void> {
      const isGone = sql`not exists (select 1 from users u where u.id = ${creditAlerts.userId})`
      await db.delete(creditAlerts).where(sql`${creditAlerts.nextAttemptAt} is null and ${isGone}`)
    },
  }
}
