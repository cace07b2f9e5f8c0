/** The SQL of what is told of disks and CPUs: both are written in the instance's row, where every process sees them. */
import type { DiskLevel, InstanceId } from '@matrixos/shared'
import { and, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { instances, usageSamples } from '../../db/schema/index.ts'
import { firstOf, type InstanceRow, nextVersion } from '../row-sql.ts'

export type WatchStore = ReturnType<typeof createWatchStore>

/** Answers `null` where it was not throttled. */
export const endThrottle = async (by: DbOrTx, id: InstanceId, at: Date): Promise<InstanceRow | null> =>
  firstOf(
    await by
      .update(instances)
      .set({ throttledAt: null, throttleEndedAt: at, version: nextVersion })
      .where(and(eq(instances.id, id), isNotNull(instances.throttledAt)))
      .returning(),
  )

export const createWatchStore = ({ db }: Pick<Database, 'db'>) => ({
  /** `null`: it is not what it was before. */
  async setDiskLevel(
    id: InstanceId,
    { before, now }: { before: DiskLevel | null; now: DiskLevel | null },
  ): Promise<InstanceRow | null> {
    const wasSo = before === null ? isNull(instances.diskLevel) : eq(instances.diskLevel, before)
    const rows = await db
      .update(instances)
      .set({ diskLevel: now, version: nextVersion })
      .where(and(eq(instances.id, id), wasSo))
      .returning()
    return firstOf(rows)
  },

  /** What each has computed since then, and over how long that was seen; after a throttle nothing before its end counts. */
  async cpuSince(since: Date): Promise<Map<InstanceId, { cpuMs: number; overMs: number }>> {
    const rows = await db
      .select({
        id: usageSamples.instanceId,
        cpuMs: sql<number>`sum(${usageSamples.cpuMs})`.mapWith(Number),
        overMs: sql<number>`sum(${usageSamples.overMs})`.mapWith(Number),
      })
      .from(usageSamples)
      .innerJoin(instances, eq(instances.id, usageSamples.instanceId))
      .where(
        and(
          gt(usageSamples.at, since),
          or(isNull(instances.throttleEndedAt), gt(usageSamples.at, instances.throttleEndedAt)),
        ),
      )
      .groupBy(usageSamples.instanceId)
    return new Map(rows.map(({ id, ...used }) => [id, used]))
  },

  /** `null`: it is so already. */
  async throttle(id: InstanceId, at: Date): Promise<InstanceRow | null> {
    const rows = await db
      .update(instances)
      .set({ throttledAt: at, version: nextVersion })
      .where(and(eq(instances.id, id), isNull(instances.throttledAt)))
      .returning()
    return firstOf(rows)
  },

  endThrottle: (id: InstanceId, at: Date) => endThrottle(db, id, at),
})
