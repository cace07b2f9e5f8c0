/** The SQL of upgrades: what was asked for, and which api process drives it. */
import type { InstanceId, RolloutState, TrialState } from '@matrixos/shared'
import { and, count, desc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { instances, rollouts, users } from '../../db/schema/index.ts'
import { firstOf, now } from '../row-sql.ts'
import { createProgressStore, type Rollout } from './progress-store.ts'
import type { TrialResult } from './trial.ts'

export type { Rollout }
export type NewRollout = Omit<typeof rollouts.$inferInsert, 'id' | 'startedAt' | 'state' | 'trial'>

/** A process that says nothing for this long drives nothing any more. */
const LEASE_MS = 10_000
const leaseEnd = sql`now() + ${`${LEASE_MS} milliseconds`}::interval`
/** Serialises whoever begins one: there is one at a time. */
const START_LOCK = 7_305_113_262

export type RolloutStore = ReturnType<typeof createRolloutStore>

export function createRolloutStore({ db }: Pick<Database, 'db'>) {
  return {
    ...createProgressStore({ db }),

    /** The newest first; with the handles of those who began them. */
    latest: async (most: number, tx: DbOrTx = db) => {
      const rows = await tx
        .select({ rollout: rollouts, startedBy: users.handle })
        .from(rollouts)
        .leftJoin(users, eq(users.id, rollouts.startedBy))
        .orderBy(desc(rollouts.id))
        .limit(most)
      return rows.map(({ rollout, startedBy }) => ({ ...rollout, startedByHandle: startedBy }))
    },

    async byId(id: number): Promise<Rollout | null> {
      return firstOf(await db.select().from(rollouts).where(eq(rollouts.id, id)))
    },

    /** One at a time begins. */
    async lock(tx: DbOrTx): Promise<void> {
      await tx.execute(sql`select pg_advisory_xact_lock(${START_LOCK})`)
    },

    async insert(tx: DbOrTx, rollout: NewRollout): Promise<Rollout> {
      const fixed = { state: 'running', trial: 'due', startedAt: now } as const
      const inserted = firstOf(
        await tx
          .insert(rollouts)
          .values({ ...rollout, ...fixed })
          .returning(),
      )
      if (!inserted) throw new Error('The new rollout was not returned.')
      return inserted
    },

    /** Takes what this process is to drive, or goes on driving; `null`: another process does. */
    async lease(id: number, owner: string): Promise<Rollout | null> {
      const free = or(
        isNull(rollouts.leaseOwner),
        eq(rollouts.leaseOwner, owner),
        sql`${rollouts.leaseUntil} not between now() and ${leaseEnd} + interval '1 minute'`,
      )
      const set = { leaseOwner: owner, leaseUntil: leaseEnd }
      return firstOf(
        await db
          .update(rollouts)
          .set(set)
          .where(and(eq(rollouts.id, id), free))
          .returning(),
      )
    },

    async release(owner: string): Promise<void> {
      const set = { leaseOwner: null, leaseUntil: null }
      await db.update(rollouts).set(set).where(eq(rollouts.leaseOwner, owner))
    },

    /** `result`: of one that passed. */
    async setTrial(id: number, trial: TrialState, result?: TrialResult): Promise<void> {
      const { ms = null, runsClosed = false } = result ?? {}
      const trialMs = ms && Math.round(ms)
      await db.update(rollouts).set({ trial, trialMs, runsClosed }).where(eq(rollouts.id, id))
    },

    /** `false`: it had ended before. */
    async end(id: number, state: Exclude<RolloutState, 'running'>, reason: string | null, by: DbOrTx = db) {
      const isOpen = and(eq(rollouts.id, id), sql`${rollouts.state} <> 'stopped'`)
      const ended = await by
        .update(rollouts)
        .set({ state, reason, endedAt: now })
        .where(isOpen)
        .returning({ id: rollouts.id })
      return ended.length > 0
    },

    images: () =>
      db
        .select({ image: instances.image, count: count() })
        .from(instances)
        .where(sql`${instances.desired} <> 'deleted'`)
        .groupBy(instances.image)
        .orderBy(desc(count()), instances.image),

    /** Whether that names a container which tries an image right now. */
    async isTrial(id: InstanceId): Promise<boolean> {
      const isIt = and(eq(rollouts.trialId, id), eq(rollouts.trial, 'running'))
      return (await db.$count(rollouts, isIt)) > 0
    },
  }
}
