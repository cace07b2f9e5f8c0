/** What upgrades write to instances' rows, together with how far each instance is. */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instances, rolloutInstances } from '../../db/schema/index.ts'
import { NOTHING_TO_GO_BACK_TO } from '../reconcile/go-back.ts'
import { lockedInOrder } from '../row-locks.ts'
import { firstOf, type InstanceRow, isCalling, isOnErrand, nextVersion, now } from '../row-sql.ts'
import { createLazyStore } from './lazy-store.ts'
import { isFree, isWaiting, next } from './next-image.ts'

/** Used this recently, somebody is there; what is open at the edge counts as use all the time. */
const IN_USE_MS = 60_000
const NO_FAILURE = { error: null, failures: 0, nextAttemptAt: null }

const msAgo = (ms: number) => sql`now() - ${`${Math.round(ms)} milliseconds`}::interval`

export interface Candidate {
  instanceId: InstanceId
  version: number
}

export interface Turn {
  rolloutId: number
  /** How long the next image may take to be ready. */
  startLimitMs: number
}

export type UpgradeInstanceStore = ReturnType<typeof createUpgradeInstanceStore>

export function createUpgradeInstanceStore({ db }: Pick<Database, 'db'>) {
  return {
    ...createLazyStore({ db }),

    /** Those that run and whose turn it may be: who is not in use first. `patienceMs`: for whom somebody uses. */
    async candidates(rolloutId: number, patienceMs: number, most: number): Promise<Candidate[]> {
      const isUnused = sql`(${instances.lastUsedAt} < ${msAgo(IN_USE_MS)} and not ${isCalling} and not ${isOnErrand})`
      const isOverdue = sql`${rolloutInstances.changedAt} < ${msAgo(patienceMs)}`
      return db
        .select({ instanceId: instances.id, version: instances.version })
        .from(rolloutInstances)
        .innerJoin(instances, eq(instances.id, rolloutInstances.instanceId))
        .where(
          and(
            isWaiting(rolloutId),
            isFree,
            inArray(instances.observed, ['running', 'paused']),
            sql`${instances.desired} <> 'deleted'`,
            sql`(${isUnused} or ${isOverdue} or ${instances.observed} = 'paused')`,
          ),
        )
        .orderBy(instances.lastUsedAt)
        .limit(most)
    },

    /**
     * One that runs is stopped, and started from its next image. Both containers on one home at once would each write
     * over what the other holds in memory, so the one before ends first, as it does before any sleep.
     */
    async begin({ instanceId, version }: Candidate, turn: Turn): Promise<InstanceRow | null> {
      const { rolloutId, startLimitMs } = turn
      return db.transaction(async (tx) => {
        const isIts = and(isWaiting(rolloutId), eq(rolloutInstances.instanceId, instanceId))
        const item = firstOf(await tx.select().from(rolloutInstances).where(isIts).for('update'))
        if (!item) return null
        const stopping = { observed: 'stopping', observedAt: now, address: null, step: null } as const
        const row = firstOf(
          await tx
            .update(instances)
            .set({ ...next(item.toImage), ...stopping, startLimitMs, ...NO_FAILURE })
            .where(and(eq(instances.id, instanceId), eq(instances.version, version), isFree))
            .returning(),
        )
        if (row) await tx.update(rolloutInstances).set({ step: 'trying', changedAt: now }).where(isIts)
        return row
      })
    },

    /** What has run for this long with its next image keeps it: nothing is gone back to from then on. */
    settle: async (afterMs: number): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ ...NOTHING_TO_GO_BACK_TO, version: nextVersion })
        .where(
          lockedInOrder(
            sql`${and(
              isNotNull(instances.formerGeneration),
              eq(instances.observed, 'running'),
              sql`${instances.observedAt} < ${msAgo(afterMs)}`,
              isFree,
            )}`,
          ),
        )
        .returning(),
  }
}
