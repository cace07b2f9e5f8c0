/** The SQL of notices: what has become due is written down once, whichever api looks, and then delivered. */
import { ARCHIVE_NOTICE_DAYS, type InstanceId, type UserId } from '@matrixos/shared'
import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instanceEvents, instances, lifeNotices } from '../../db/schema/index.ts'
import { descentSql } from '../idle/descent-sql.ts'
import type { Descent } from '../policy.ts'

/** Longer than one delivery takes: until then no other process tries. */
const FIRST_RETRY_S = 60
const LONGEST_RETRY_S = 3_600
/** `2 ^ attempts` would not end. */
const MOST_DOUBLINGS = 10
const DAY_MS = 86_400_000

export interface DueNotice {
  id: number
  kind: 'archive' | 'deletion'
  instanceId: InstanceId
  userId: UserId
  handle: string
  dueAt: Date
  at: Date
  lastUsedAt: Date
}

export type NoticeStore = ReturnType<typeof createNoticeStore>

/** The shortest notice that is due; a plan whose whole time is short gives short notice. */
function daysSql({ endsAt, idleMs }: ReturnType<typeof descentSql>) {
  const cases = [...ARCHIVE_NOTICE_DAYS]
    .sort((one, other) => one - other)
    .map((days) => {
      const isLongEnough = sql`${idleMs} >= ${2 * days * DAY_MS}::bigint`
      return sql`when ${isLongEnough} and ${endsAt} <= now() + ${`${days} days`}::interval then ${days}::int`
    })
  return sql`case ${sql.join(cases, sql` `)} end`
}

export function createNoticeStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Of computers that are soon packed away: for the timeline in the same statement. */
    async noteArchives(descents: readonly Descent[]): Promise<void> {
      const way = descentSql(descents)
      await db.execute(sql`with soon as (
          select ${instances.id} as instance_id, ${daysSql(way)} as days, ${instances.lastUsedAt} as period, ${way.endsAt} as due_at
          from ${instances} where ${way.tier} = 'archived' and ${way.endsAt} > now() and not ${instances.isSuspended}),
        noted as (
          insert into ${lifeNotices} (instance_id, kind, days, period, due_at, at, next_attempt_at)
          select instance_id, 'archive', days, period, due_at, now(), now() from soon where days is not null
          on conflict do nothing returning instance_id, days)
        insert into ${instanceEvents} (instance_id, at, kind, detail)
        select instance_id, now(), 'archive_soon', days::text from noted`)
    },

    /** Of computers that are about to be deleted: their timeline says so already. */
    async noteDeletions(): Promise<void> {
      await db.execute(sql`insert into ${lifeNotices} (instance_id, kind, days, period, due_at, at, next_attempt_at)
        select ${instances.id}, 'deletion', 0, ${instances.deletionDueAt}, ${instances.deletionDueAt}, now(), now()
        from ${instances} where ${instances.desired} = 'leaving' and ${instances.deletionDueAt} > now()
        on conflict do nothing`)
    },

    /** Those to be delivered, for this process alone until they are due again. What is not so any more is dropped. */
    async claim(most: number): Promise<DueNotice[]> {
      const isStill = sql`exists (select 1 from ${instances} i where i.id = ${lifeNotices.instanceId} and (
        ${lifeNotices.kind} = 'archive' and i.last_used_at = ${lifeNotices.period} and i.desired not in ('leaving', 'deleted')
        or ${lifeNotices.kind} = 'deletion' and i.deletion_due_at = ${lifeNotices.period}))`
      await db
        .update(lifeNotices)
        .set({ nextAttemptAt: null })
        .where(sql`${lifeNotices.nextAttemptAt} <= now() and not ${isStill}`)
      const due = sql`select n.id from ${lifeNotices} n where n.next_attempt_at <= now()
        order by n.next_attempt_at limit ${most} for update skip locked`
      const wait = sql`least(${LONGEST_RETRY_S}, ${FIRST_RETRY_S} * 2 ^ least(${lifeNotices.attempts}, ${MOST_DOUBLINGS}))`
      const { id, kind, instanceId, dueAt, at } = getTableColumns(lifeNotices)
      const { userId, handle, lastUsedAt } = getTableColumns(instances)
      return db
        .update(lifeNotices)
        .set({
          attempts: sql`${lifeNotices.attempts} + 1`,
          nextAttemptAt: sql`now() + ${wait} * interval '1 second'`,
        })
        .from(instances)
        .where(sql`${lifeNotices.id} in (${due}) and ${instances.id} = ${lifeNotices.instanceId}`)
        .returning({ id, kind, instanceId, dueAt, at, userId, handle, lastUsedAt })
    },

    /** Nothing is left to deliver. */
    async finish(id: number): Promise<void> {
      await db.update(lifeNotices).set({ nextAttemptAt: null }).where(eq(lifeNotices.id, id))
    },

    /** Of stretches that are long over. */
    async deleteOld(): Promise<void> {
      await db.delete(lifeNotices).where(sql`${lifeNotices.dueAt} < now() - interval '90 days'`)
    },
  }
}
