/** The SQL of schedules. What is due is told by the clock of whoever asks, leases are by the database's. */
import type { InstanceId, Timing } from '@matrixos/shared'
import { and, asc, eq, notInArray, or, sql } from 'drizzle-orm'
import type { Database, Tx } from '../db/database.ts'
import { instances, schedules } from '../db/schema/index.ts'

export type ScheduleRow = typeof schedules.$inferSelect
export type ScheduleKey = Pick<ScheduleRow, 'instanceId' | 'id'>

export interface DeclaredSchedule {
  id: string
  timing: Timing
  /** For one that is new, or has changed. */
  nextRunAt: Date | null
  problem: string | null
}

const LEASE_S = 20

export type ScheduleStore = ReturnType<typeof createScheduleStore>

const interval = (seconds: number) => sql`${`${seconds} seconds`}::interval`

/** However its keys are ordered: the database orders them anew. */
const isSameTiming = (a: Timing, b: Timing): boolean => {
  const key = (timing: Timing) =>
    'everyMinutes' in timing ? `every ${timing.everyMinutes}` : `${timing.timezone} ${timing.cron}`
  return key(a) === key(b)
}

export function createScheduleStore({ db, processId }: Pick<Database, 'db'> & { processId: string }) {
  const isOne = ({ instanceId, id }: ScheduleKey) =>
    and(eq(schedules.instanceId, instanceId), eq(schedules.id, id))
  const isMine = (key: ScheduleKey) => and(isOne(key), eq(schedules.leaseOwner, processId))
  const freed = { leaseOwner: null, leaseUntil: null } as const
  const anew = { ...freed, attempts: 0, nextAttemptAt: null } as const

  return {
    list: async (instanceId: InstanceId): Promise<ScheduleRow[]> =>
      db.select().from(schedules).where(eq(schedules.instanceId, instanceId)).orderBy(asc(schedules.id)),

    /** These and no others. One that has not changed keeps its next run, also one that is overdue. */
    declare: (instanceId: InstanceId, all: readonly DeclaredSchedule[]): Promise<void> =>
      db.transaction(async (tx: Tx) => {
        // One declaration at a time.
        await tx
          .select({ id: instances.id })
          .from(instances)
          .where(eq(instances.id, instanceId))
          .for('update')
        const mine = eq(schedules.instanceId, instanceId)
        const ids = all.map(({ id }) => id)
        await tx.delete(schedules).where(ids.length > 0 ? and(mine, notInArray(schedules.id, ids)) : mine)
        const known = await tx.select().from(schedules).where(mine)
        for (const { id, timing, nextRunAt, problem } of all) {
          const before = known.find((one) => one.id === id)
          if (before && isSameTiming(before.timing, timing) && before.nextRunAt) continue
          const set = { timing, nextRunAt, problem, ...anew }
          if (before) await tx.update(schedules).set(set).where(isOne({ instanceId, id }))
          else await tx.insert(schedules).values({ instanceId, id, ...set })
        }
      }),

    /** Those that are due, for this process alone. Of an instance that is suspended or leaves, none ever is. */
    async claim(now: Date, most: number): Promise<ScheduleRow[]> {
      const at = sql`${now.toISOString()}::timestamptz`
      const due = sql`select s.instance_id, s.id from ${schedules} s
        join ${instances} i on i.id = s.instance_id and not i.is_suspended and i.desired not in ('leaving', 'deleted')
        where s.next_run_at <= ${at} and (s.next_attempt_at is null or s.next_attempt_at <= ${at})
        and (s.lease_until is null or s.lease_until < now())
        order by s.next_run_at limit ${most} for update of s skip locked`
      return db
        .update(schedules)
        .set({
          attempts: sql`${schedules.attempts} + 1`,
          ...{ leaseOwner: processId, leaseUntil: sql`now() + ${interval(LEASE_S)}` },
        })
        .where(sql`(${schedules.instanceId}, ${schedules.id}) in (${due})`)
        .returning()
    },

    async renew(rows: ScheduleKey[]): Promise<void> {
      await db
        .update(schedules)
        .set({ leaseUntil: sql`now() + ${interval(LEASE_S)}` })
        .where(or(...rows.map(isMine)))
    },

    /** This run is over. One that was declared anew meanwhile keeps what was declared. */
    async finish(
      row: ScheduleRow,
      next: Pick<ScheduleRow, 'nextRunAt' | 'lastRunAt' | 'problem'>,
    ): Promise<void> {
      await db
        .update(schedules)
        .set({ ...next, ...anew })
        .where(isMine(row))
    },

    async postpone(row: ScheduleKey, nextAttemptAt: Date): Promise<void> {
      await db
        .update(schedules)
        .set({ ...freed, nextAttemptAt })
        .where(isMine(row))
    },

    /** Leases of processes that are certainly gone: only for a database that one process alone can use. */
    async freeAll(): Promise<void> {
      await db.update(schedules).set(freed).where(sql`${schedules.leaseOwner} is not null`)
    },

    /** This process stops: others need not wait for its leases. */
    async release(): Promise<void> {
      await db.update(schedules).set(freed).where(eq(schedules.leaseOwner, processId))
    },
  }
}
