/**
 * How api processes agree that an instance goes to sleep. One marks it as closing, with how long it must be unused;
 * each process stops letting people in by its memory alone, saves the uses it knows of, and signs; when all that live
 * have signed and nobody used it, any of them writes the tier that was due. Whoever comes meanwhile takes the mark away. All of it
 * by the database's clock, and by use alone: a start is none. An AI call is none either, but nobody sleeps during one.
 */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instances, processes } from '../../db/schema/index.ts'
import type { Descent } from '../policy.ts'
import { lockedInOrder } from '../row-locks.ts'
import { isCalling, isOnErrand } from '../row-sql.ts'
import type { InstanceRow } from '../store.ts'
import { descentSql } from './descent-sql.ts'

/** A process that has not been seen for this long is dead, or as good as. */
const PROCESS_LIFE_MS = 15_000
const FORGET_AFTER_MS = 3_600_000

/** `agoMs`: how long before the moment it is saved. */
export interface Use {
  id: InstanceId
  agoMs: number
}

export type SleepStore = ReturnType<typeof createSleepStore>

const ago = (ms: number) => sql`now() - ${`${Math.max(0, Math.round(ms))} milliseconds`}::interval`

export function createSleepStore({ db }: Pick<Database, 'db'>) {
  const bump = sql`${instances.version} + 1`
  // One seen in the future was seen before the clock was set back.
  const isAlive = sql`${processes.seenAt} between ${ago(PROCESS_LIFE_MS)} and now() + interval '1 minute'`
  const opened = { closingAt: null, closingSeen: [], version: bump }
  const isUnused = sql`${instances.lastUsedAt} <= now() - ${instances.closingIdleMs} * interval '1 millisecond'`
  const isBusy = sql`(${isCalling} or ${isOnErrand})`
  // What sleeps no longer waits for memory, so nothing may say that it starts by itself.
  const lasting = sql`case when ${instances.error}->>'code' = 'capacity' then null else ${instances.error} end`
  const isLeaving = sql`${instances.desired} not in ('leaving', 'deleted', ${instances.closingTier})
    and ${isUnused} and not ${isBusy}`
  /** A mark, for the way down that each row is on. */
  const closing = ({ tier, idleMs }: Omit<ReturnType<typeof descentSql>, 'endsAt'>) => ({
    ...{ closingAt: sql`now()`, closingTier: tier, closingIdleMs: idleMs },
    ...{ closingSeen: [], version: bump },
  })

  return {
    /** This process runs. Must come before it reads the instances for the first time. */
    async checkIn(processId: string): Promise<void> {
      await db
        .insert(processes)
        .values({ id: processId, seenAt: sql`now()` })
        .onConflictDoUpdate({ target: processes.id, set: { seenAt: sql`now()` } })
      // Those that were killed never signed off.
      await db.delete(processes).where(sql`${processes.seenAt} < ${ago(FORGET_AFTER_MS)}`)
    },

    /** It stops, or it is certainly gone: nobody waits for it. */
    async checkOut(processId: string): Promise<void> {
      await db.delete(processes).where(eq(processes.id, processId))
    },

    /** Processes that are certainly gone: only for a database that one process alone can use. */
    async checkOutAll(): Promise<void> {
      await db.delete(processes)
    },

    /** How many run. */
    living: (): Promise<number> => db.$count(processes, isAlive),

    async saveUses(uses: Use[]): Promise<void> {
      if (uses.length === 0) return
      const list = JSON.stringify(uses.map(({ id, agoMs }) => ({ id, ago_ms: Math.max(0, agoMs) })))
      const isUsed = lockedInOrder(sql`${instances.id} in (select id from used)`)
      await db.execute(sql`with used as (select * from json_to_recordset(${list}::json) as used(id text, ago_ms float8))
        update ${instances} set last_used_at = greatest(last_used_at, now() - used.ago_ms * interval '1 millisecond'),
          tier_ends_at = tier_ends_at + greatest(0, extract(epoch from now() - used.ago_ms * interval '1 millisecond')
            - extract(epoch from last_used_at)) * interval '1 second'
        from used where ${instances.id} = used.id and ${isUsed}`)
    },

    /**
     * A use that seems to lie ahead was saved before the clock was set back: it counts as one of now, or its instance
     * would stay awake until that time comes.
     */
    takeBackUses: async (): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ lastUsedAt: sql`now()`, version: bump })
        .where(
          lockedInOrder(
            sql`${instances.desired} <> 'deleted' and ${instances.lastUsedAt} > now() + interval '1 minute'`,
          ),
        )
        .returning(),

    /**
     * Says of every instance when its tier ends, by what its plan gives it now. A use that is saved moves that time, and
     * a new wish clears it; what is right is not written again.
     */
    async setDeadlines(descents: readonly Descent[]): Promise<void> {
      const { endsAt } = descentSql(descents)
      await db
        .update(instances)
        .set({ tierEndsAt: endsAt })
        .where(
          lockedInOrder(
            sql`${instances.desired} <> 'deleted' and ${instances.tierEndsAt} is distinct from ${endsAt}`,
          ),
        )
    },

    /**
     * Marks what is in a tier that has ended, in whatever state. A time that does not follow from the last use counts for
     * nothing. The mark lasts until somebody comes, or it sleeps.
     */
    markDue: async (descents: readonly Descent[]): Promise<InstanceRow[]> => {
      const { endsAt, ...way } = descentSql(descents)
      return db
        .update(instances)
        .set(closing(way))
        .where(
          lockedInOrder(
            sql`${instances.closingAt} is null and ${instances.tierEndsAt} <= now() and ${instances.tierEndsAt} = ${endsAt}
              and not ${isBusy}`,
          ),
        )
        .returning()
    },

    /** Marks up to `count` that are in memory and on one of these ways down: what is paused first, the longest idle first. */
    markLongestIdle: async (descents: readonly Descent[], count: number): Promise<InstanceRow[]> => {
      const { endsAt, ...way } = descentSql(descents)
      return db
        .update(instances)
        .set(closing(way))
        .where(
          sql`${instances.id} in (select ${instances.id} from ${instances} where ${instances.closingAt} is null
            and ${instances.observed} in ('running', 'paused') and ${endsAt} <= now() and not ${isBusy}
            order by ${instances.observed} = 'running', ${instances.lastUsedAt} limit ${count} for update skip locked)`,
        )
        .returning()
    },

    /** Marked ones that this process has not signed. */
    unsigned: async (processId: string): Promise<InstanceRow[]> =>
      db
        .select()
        .from(instances)
        .where(and(isNotNull(instances.closingAt), sql`not ${processId} = any(${instances.closingSeen})`)),

    /** Signs the rows as they were read; one that has changed since is left out. */
    async sign(processId: string, rows: Pick<InstanceRow, 'id' | 'version'>[]): Promise<void> {
      if (rows.length === 0) return
      const list = JSON.stringify(rows.map(({ id, version }) => ({ id, version })))
      const isSeen = lockedInOrder(sql`${instances.id} in (select id from seen)`)
      await db.execute(sql`with seen as (select * from json_to_recordset(${list}::json) as seen(id text, version int4))
        update ${instances} set closing_seen = array_append(closing_seen, ${processId})
        from seen where ${instances.id} = seen.id and ${isSeen}
        and ${instances.version} = seen.version and not ${processId} = any(closing_seen)`)
    },

    /** Marks are taken away where somebody came after all, or the wish has changed. */
    reopen: async (): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set(opened)
        .where(lockedInOrder(sql`${instances.closingAt} is not null and not (${isLeaving})`))
        .returning(),

    /** Writes the tier that was due where every process that lives has signed. */
    putToSleep: async (): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({
          ...{ ...opened, desired: sql`${instances.closingTier}`, tierEndsAt: null },
          ...{ nextAttemptAt: null, failures: 0, step: null, error: lasting },
        })
        .where(
          lockedInOrder(sql`${instances.closingAt} is not null and ${isLeaving} and not exists (
            select 1 from ${processes} where ${isAlive} and not ${processes.id} = any(${instances.closingSeen}))`),
        )
        .returning(),
  }
}
