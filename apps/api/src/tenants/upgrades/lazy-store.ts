/** Upgrades of instances that sleep: what is written to their rows counts at their next wake. */
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instances, rolloutInstances } from '../../db/schema/index.ts'
import { NOTHING_TO_GO_BACK_TO } from '../reconcile/go-back.ts'
import { lockedInOrder } from '../row-locks.ts'
import { type InstanceRow, nextVersion, now } from '../row-sql.ts'
import { isAtRest, isFree, isWaiting, next } from './next-image.ts'

/** Instances that one statement changes. */
const BATCH = 200

export function createLazyStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Those that sleep get it at their next wake. What does not run anyway has nothing to go back to. */
    async beginLazily(rolloutId: number): Promise<InstanceRow[]> {
      return db.transaction(async (tx) => {
        const asleep = await tx
          .select({ id: instances.id, toImage: rolloutInstances.toImage, observed: instances.observed })
          .from(rolloutInstances)
          .innerJoin(instances, eq(instances.id, rolloutInstances.instanceId))
          .where(and(isWaiting(rolloutId), isFree, isAtRest))
          .orderBy(instances.id)
          .limit(BATCH)
          .for('no key update', { of: instances })
        const rows: InstanceRow[] = []
        for (const { id, toImage, observed } of asleep) {
          const isBroken = observed === 'failed'
          const set = { ...next(toImage), ...(isBroken && { ...NOTHING_TO_GO_BACK_TO, nextAttemptAt: null }) }
          const step = isBroken ? ('done' as const) : ('lazy' as const)
          rows.push(...(await tx.update(instances).set(set).where(eq(instances.id, id)).returning()))
          await tx
            .update(rolloutInstances)
            .set({ step, changedAt: now })
            .where(and(isWaiting(rolloutId), eq(rolloutInstances.instanceId, id)))
        }
        return rows
      })
    },

    /** Those that have not woken since keep the image that they have run with. */
    async takeBackLazy(rolloutId: number): Promise<InstanceRow[]> {
      return db.transaction(async (tx) => {
        const lazy = tx
          .select({ id: rolloutInstances.instanceId })
          .from(rolloutInstances)
          .where(and(eq(rolloutInstances.rolloutId, rolloutId), eq(rolloutInstances.step, 'lazy')))
        const rows = await tx
          .update(instances)
          .set({
            image: sql`${instances.formerImage}`,
            generation: sql`${instances.formerGeneration}`,
            ...NOTHING_TO_GO_BACK_TO,
            version: nextVersion,
          })
          .where(
            lockedInOrder(
              sql`${and(
                inArray(instances.id, lazy),
                isNotNull(instances.formerGeneration),
                isAtRest,
                sql`${instances.desired} not in ('awake', 'deleted')`,
                isFree,
              )}`,
            ),
          )
          .returning()
        const ids = rows.map(({ id }) => id)
        if (ids.length > 0)
          await tx
            .update(rolloutInstances)
            .set({ step: 'skipped', changedAt: now })
            .where(and(eq(rolloutInstances.rolloutId, rolloutId), inArray(rolloutInstances.instanceId, ids)))
        return rows
      })
    },
  }
}
