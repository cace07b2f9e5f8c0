/** The SQL of how far each instance of an upgrade is. */
import type { InstanceId, RolloutStep } from '@matrixos/shared'
import { and, count, desc, eq, inArray, lt, max, notExists, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { instances, rolloutInstances, rollouts } from '../../db/schema/index.ts'
import { now } from '../row-sql.ts'

export type Rollout = typeof rollouts.$inferSelect

/** Of those that did not run with the image. */
const MOST_FAILED = 50

export function createProgressStore({ db }: Pick<Database, 'db'>) {
  const ofRollout = (id: number, ...steps: RolloutStep[]) =>
    and(eq(rolloutInstances.rolloutId, id), inArray(rolloutInstances.step, steps))

  return {
    /** What an earlier one has not come to is this one's matter now. */
    async supersede(tx: DbOrTx, id: number): Promise<void> {
      await tx
        .update(rolloutInstances)
        .set({ step: 'skipped', changedAt: now })
        .where(
          and(
            lt(rolloutInstances.rolloutId, id),
            inArray(rolloutInstances.step, ['waiting', 'trying', 'lazy']),
          ),
        )
    },

    /** All that have another image, those that were made meanwhile among them. */
    async enrol({ id, image }: Rollout): Promise<void> {
      const known = db
        .select({ one: sql`1` })
        .from(rolloutInstances)
        .where(and(eq(rolloutInstances.rolloutId, id), eq(rolloutInstances.instanceId, instances.id)))
      const others = db
        .select({
          rolloutId: sql<number>`${id}::bigint`.as('rollout_id'),
          instanceId: sql<InstanceId>`${instances.id}`.as('instance_id'),
          fromImage: sql<string>`${instances.image}`.as('from_image'),
          toImage: sql<string>`${image}::text`.as('to_image'),
          step: sql<RolloutStep>`'waiting'::text`.as('step'),
          message: sql<string | null>`null::text`.as('message'),
          changedAt: sql<Date>`now()`.as('changed_at'),
        })
        .from(instances)
        .where(
          and(sql`${instances.image} <> ${image}`, sql`${instances.desired} <> 'deleted'`, notExists(known)),
        )
      await db.insert(rolloutInstances).select(others).onConflictDoNothing()
    },

    /** Each that an upgrade gave its image, or that was made from it since, gets back what it had. */
    async enrolTakenBack(tx: DbOrTx, { id, image }: Rollout, taken: Rollout): Promise<void> {
      await tx.execute(sql`
        insert into ${rolloutInstances} (rollout_id, instance_id, from_image, to_image, step, changed_at)
        select ${id}, r.id, r.image, coalesce(i.from_image, ${image}), 'waiting', now()
        from ${instances} r
        left join ${rolloutInstances} i on i.instance_id = r.id and i.rollout_id = ${taken.id}
        where r.image = ${taken.image} and r.desired <> 'deleted' and coalesce(i.from_image, ${image}) <> r.image`)
    },

    /** Whether anything is left to do of it. */
    async isOpen(id: number): Promise<boolean> {
      const open = or(eq(rollouts.state, 'running'), eq(rollouts.trial, 'running'))
      const [own, ofIts] = await Promise.all([
        db.$count(rollouts, and(eq(rollouts.id, id), open)),
        db.$count(rolloutInstances, ofRollout(id, 'waiting', 'trying', 'lazy')),
      ])
      return own + ofIts > 0
    },

    /** Nothing else begins. What is between two images, or gets it at its next wake, goes on. */
    async skipWaiting(id: number): Promise<void> {
      await db
        .update(rolloutInstances)
        .set({ step: 'skipped', changedAt: now })
        .where(ofRollout(id, 'waiting'))
    },

    /** What the instances' rows say by now of those that were under way. */
    async look(id: number): Promise<void> {
      const leaving = db.select({ id: instances.id }).from(instances).where(eq(instances.desired, 'deleted'))
      await db
        .update(rolloutInstances)
        .set({ step: 'skipped', changedAt: now })
        .where(and(ofRollout(id, 'waiting', 'trying', 'lazy'), inArray(rolloutInstances.instanceId, leaving)))
      const isOver = sql`r.former_generation is null`
      const hasIt = sql`r.image = ${rolloutInstances.toImage}`
      await db.execute(sql`
        update ${rolloutInstances} set changed_at = now(), step = case
          when ${isOver} and ${hasIt} then 'done' when ${isOver} then 'rolled_back' else 'lazy' end
        from ${instances} r
        where r.id = ${rolloutInstances.instanceId} and ${rolloutInstances.rolloutId} = ${id}
          and (${rolloutInstances.step} in ('trying', 'lazy') and ${isOver}
            or ${rolloutInstances.step} = 'trying' and r.desired <> 'awake' and r.observed = 'stopped')`)
    },

    /** Why one did not run with its image. */
    async explain(instanceId: InstanceId, message: string): Promise<void> {
      const last = db
        .select({ id: max(rolloutInstances.rolloutId) })
        .from(rolloutInstances)
        .where(eq(rolloutInstances.instanceId, instanceId))
      const isIt = and(eq(rolloutInstances.instanceId, instanceId), eq(rolloutInstances.rolloutId, last))
      await db.update(rolloutInstances).set({ message }).where(isIt)
    },

    async counts(id: number): Promise<Record<RolloutStep, number>> {
      const rows = await db
        .select({ step: rolloutInstances.step, count: count() })
        .from(rolloutInstances)
        .where(eq(rolloutInstances.rolloutId, id))
        .groupBy(rolloutInstances.step)
      const none = { waiting: 0, trying: 0, lazy: 0, done: 0, rolled_back: 0, skipped: 0 }
      return { ...none, ...Object.fromEntries(rows.map((row) => [row.step, row.count])) }
    },

    failed: (id: number) =>
      db
        .select({ handle: instances.handle, message: rolloutInstances.message })
        .from(rolloutInstances)
        .innerJoin(instances, eq(instances.id, rolloutInstances.instanceId))
        .where(ofRollout(id, 'rolled_back'))
        .orderBy(desc(rolloutInstances.changedAt))
        .limit(MOST_FAILED),
  }
}
