/** The SQL of what computers used: samples go in, quarters of an hour come out. */
import { type InstanceId, USAGE_STEP_S, type UsagePoint } from '@matrixos/shared'
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instanceEvents, instances, usageSamples } from '../../db/schema/index.ts'

export type UsageSample = typeof usageSamples.$inferInsert

export type MeteringStore = ReturnType<typeof createMeteringStore>

const sum = (column: typeof usageSamples.receivedBytes | typeof usageSamples.sentBytes) =>
  sql<number>`sum(${column})`.mapWith(Number)

export const createMeteringStore = ({ db }: Pick<Database, 'db'>) => ({
  /** What is gone by now is left out. */
  async insert(samples: UsageSample[]): Promise<void> {
    const ids = samples.map(({ instanceId }) => instanceId)
    const rows = await db.select({ id: instances.id }).from(instances).where(inArray(instances.id, ids))
    const known = new Set(rows.map(({ id }) => id))
    const kept = samples.filter(({ instanceId }) => known.has(instanceId))
    if (kept.length > 0) await db.insert(usageSamples).values(kept).onConflictDoNothing()
  },

  async deleteBefore(before: Date): Promise<void> {
    await db.delete(usageSamples).where(lt(usageSamples.at, before))
  },

  /** Oldest first. */
  async points(instanceId: InstanceId, since: Date): Promise<UsagePoint[]> {
    const step = sql.raw(String(USAGE_STEP_S))
    const slot = sql<number>`floor(extract(epoch from ${usageSamples.at}) / ${step})`.mapWith(Number)
    const rows = await db
      .select({
        slot,
        cpu: sql<number>`sum(${usageSamples.cpuMs})::float8 / greatest(sum(${usageSamples.overMs}), 1)`.mapWith(
          Number,
        ),
        memoryBytes: sql<number>`max(${usageSamples.memoryBytes})`.mapWith(Number),
        diskBytes: sql<number | null>`(array_agg(${usageSamples.diskBytes} order by ${usageSamples.at} desc)
          filter (where ${usageSamples.diskBytes} is not null))[1]`,
        receivedBytes: sum(usageSamples.receivedBytes),
        sentBytes: sum(usageSamples.sentBytes),
      })
      .from(usageSamples)
      .where(and(eq(usageSamples.instanceId, instanceId), gte(usageSamples.at, since)))
      .groupBy(slot)
      .orderBy(slot)
    return rows.map(({ slot, diskBytes, ...row }) => ({
      ...row,
      at: new Date(slot * USAGE_STEP_S * 1000).toISOString(),
      diskBytes: diskBytes === null ? null : Number(diskBytes),
    }))
  },

  /** When it last ran out of memory since then. */
  async outOfMemoryAt(instanceId: InstanceId, since: Date): Promise<Date | null> {
    const rows = await db
      .select({ at: instanceEvents.at })
      .from(instanceEvents)
      .where(
        and(
          eq(instanceEvents.instanceId, instanceId),
          eq(instanceEvents.kind, 'out_of_memory'),
          gte(instanceEvents.at, since),
        ),
      )
      .orderBy(desc(instanceEvents.id))
      .limit(1)
    return rows[0]?.at ?? null
  },
})
