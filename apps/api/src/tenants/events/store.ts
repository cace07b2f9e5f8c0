/** The SQL of instances' timelines. */
import {
  INSTANCE_EVENTS,
  type InstanceEventKind,
  type InstanceEventView,
  type InstanceId,
  type UserId,
} from '@matrixos/shared'
import { and, desc, eq, gte, inArray, isNotNull, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { instanceEvents, instances } from '../../db/schema/index.ts'

export interface InstanceEvent {
  instanceId: InstanceId
  at: Date
  kind: InstanceEventKind
  durationMs: number | null
  detail: string | null
}

/** A wake's `detail` when it was the first start, which also makes the instance. */
export const FIRST_START = 'first_start'

/** Rows that one statement deletes: it must end long before the database's limit. */
const BATCH = 1_000

/** What happened, and whose instance it was. */
export interface OwnedEvent extends InstanceEvent {
  userId: UserId
  handle: string
}

/** What else is noted when events are: both, or neither. */
export type Alongside = (tx: DbOrTx, events: readonly OwnedEvent[]) => Promise<void>

export type EventStore = ReturnType<typeof createEventStore>

export function createEventStore({ db }: Pick<Database, 'db'>, alongside?: Alongside) {
  return {
    /** What happened to instances that are gone by now is left out. */
    async insert(events: InstanceEvent[]): Promise<void> {
      const ids = [...new Set(events.map(({ instanceId }) => instanceId))]
      const rows = await db
        .select({ id: instances.id, userId: instances.userId, handle: instances.handle })
        .from(instances)
        .where(inArray(instances.id, ids))
      const known = new Map(rows.map(({ id, ...owner }) => [id, owner]))
      const kept = events.flatMap((event) => {
        const owner = known.get(event.instanceId)
        return owner ? [{ ...event, ...owner }] : []
      })
      if (kept.length === 0) return
      const values = kept.map(({ userId: _, handle: __, ...event }) => event)
      await db.transaction(async (tx) => {
        await tx.insert(instanceEvents).values(values)
        await alongside?.(tx, kept)
      })
    },

    /**
     * Newest first, by when it happened: each api writes what it saw a moment later. `before`: after which event of the
     * same timeline it begins.
     */
    async timeline(
      instanceId: InstanceId,
      limit: number,
      { kinds, before }: { kinds?: readonly InstanceEventKind[]; before?: number } = {},
    ): Promise<InstanceEventView[]> {
      // The database's times are finer than this process's.
      const isOlder = sql`(${instanceEvents.at}, ${instanceEvents.id}) < (select at, id from ${instanceEvents} as last
        where last.id = ${before ?? 0} and last.instance_id = ${instanceId})`
      const rows = await db
        .select()
        .from(instanceEvents)
        .where(
          and(
            eq(instanceEvents.instanceId, instanceId),
            kinds && inArray(instanceEvents.kind, [...kinds]),
            before === undefined ? undefined : isOlder,
          ),
        )
        .orderBy(desc(instanceEvents.at), desc(instanceEvents.id))
        .limit(limit)
      return rows.map(({ id, at, kind, durationMs, detail }) => ({
        ...{ id, at: at.toISOString(), kind, durationMs, detail },
      }))
    },

    /** How long wakes took since then; first starts do not count. */
    async wakesSince(since: Date) {
      const percentile = (share: number) =>
        sql<
          number | null
        >`percentile_cont(${share}) within group (order by ${instanceEvents.durationMs})`.mapWith(Number)
      const rows = await db
        .select({
          count: sql<number>`count(*)`.mapWith(Number),
          p50Ms: percentile(0.5),
          p95Ms: percentile(0.95),
        })
        .from(instanceEvents)
        .where(
          and(
            eq(instanceEvents.kind, 'woke'),
            gte(instanceEvents.at, since),
            isNotNull(instanceEvents.durationMs),
            or(isNull(instanceEvents.detail), ne(instanceEvents.detail, FIRST_START)),
          ),
        )
      const { count = 0, p50Ms = null, p95Ms = null } = rows[0] ?? {}
      return count === 0 ? { count, p50Ms: null, p95Ms: null } : { count, p50Ms, p95Ms }
    },

    /** The most frequent first. */
    failuresSince: async (since: Date) => {
      const code = sql<string>`coalesce(${instanceEvents.detail}, 'internal')`
      return db
        .select({ code, count: sql<number>`count(*)`.mapWith(Number) })
        .from(instanceEvents)
        .where(and(inArray(instanceEvents.kind, ['failed', 'crashed']), gte(instanceEvents.at, since)))
        .groupBy(code)
        .orderBy(desc(sql`count(*)`), code)
    },

    async deleteBefore(before: Date): Promise<void> {
      for (const kind of INSTANCE_EVENTS) {
        const old = db
          .select({ id: instanceEvents.id })
          .from(instanceEvents)
          .where(and(eq(instanceEvents.kind, kind), lt(instanceEvents.at, before)))
          .limit(BATCH)
        for (;;) {
          const gone = await db
            .delete(instanceEvents)
            .where(inArray(instanceEvents.id, old))
            .returning({ id: instanceEvents.id })
          if (gone.length < BATCH) break
        }
      }
    },

    /** Leaves that many of one instance, the newest. */
    async keepNewest(instanceId: InstanceId, keep: number): Promise<void> {
      const mine = eq(instanceEvents.instanceId, instanceId)
      const surplus = await db
        .select({ id: instanceEvents.id })
        .from(instanceEvents)
        .where(mine)
        .orderBy(desc(instanceEvents.id))
        .offset(keep)
        .limit(1)
      const newest = surplus[0]
      if (newest) await db.delete(instanceEvents).where(and(mine, lte(instanceEvents.id, newest.id)))
    },
  }
}
