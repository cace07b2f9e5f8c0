/** What the reconciler writes: leases, the steps of an action and what came of it. All but a look take the lease. */
import type { Desired, ErrorBody, InstanceId, Observed, Step } from '@matrixos/shared'
import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instances } from '../../db/schema/index.ts'
import type { InstanceAddress } from '../../ports/runtime.ts'
import { firstOf, type InstanceRow, isOnErrand, nextVersion, now, unsynced, WISHED } from '../row-sql.ts'

/** What a finished action writes, besides the new observed state. */
export interface Outcome {
  observed: Observed
  step: Step | null
  error: ErrorBody | null
  failures: number
  nextAttemptAt: Date | null
  address: InstanceAddress | null
  doneSteps?: string[]
  /** Where it goes back to what it was before an upgrade, or has no need to any more. */
  image?: string
  generation?: number
  formerImage?: null
  formerGeneration?: null
  startLimitMs?: null
}

/** What the runtime showed; `desired`: the wish that follows from it. */
type Seen = Pick<Outcome, 'observed'> & Partial<Outcome> & { desired?: Desired }

/** What a row shows during an action. */
type During = Pick<Outcome, 'observed' | 'step'> & Partial<Outcome & Pick<InstanceRow, 'tokenGeneration'>>

/** How long a dead api's instances stay untouched: well under the 10 s in which the platform heals. */
export const LEASE_MS = 4_000

// Given and run out by the database's clock.
const leaseEnd = sql`now() + ${`${LEASE_MS} milliseconds`}::interval`

const isHeldBy = (id: InstanceId, owner: string) => and(eq(instances.id, id), eq(instances.leaseOwner, owner))

/** What every change of the observed state writes besides. */
const marks = ({ observed }: Seen) => ({
  observedAt: now,
  version: nextVersion,
  ...(observed === 'running' ? { hasRun: true } : {}),
})

/** Whether the engine would show it again: nothing is given up with it, such as a token or the image before. */
const isShownAgain = (row: InstanceRow, next: During): boolean =>
  (next.observed === 'starting' || next.observed === 'running') &&
  next.tokenGeneration === undefined &&
  row.formerImage === null

export function createLeaseStore(database: Pick<Database, 'db' | 'name'>) {
  const { db } = database
  return {
    /** Takes the lease and shows the state of the action; `null` when the row changed or another process acts on it. */
    async begin(row: InstanceRow, owner: string, during: During) {
      const free = or(
        isNull(instances.leaseOwner),
        eq(instances.leaseOwner, owner),
        // One that ends much later than any lease can was given before that clock was set back.
        sql`${instances.leaseUntil} not between ${now} and ${leaseEnd} + interval '1 minute'`,
      )
      const lease = { leaseOwner: owner, leaseUntil: leaseEnd }
      const isAsRead = and(eq(instances.id, row.id), eq(instances.version, row.version))
      const where = and(isAsRead, free, isShownAgain(row, during) ? unsynced(database) : undefined)
      const set = { ...during, ...lease, observedAt: now, version: nextVersion }
      return firstOf(await db.update(instances).set(set).where(where).returning())
    },

    async extendLease(id: InstanceId, owner: string): Promise<void> {
      await db.update(instances).set({ leaseUntil: leaseEnd }).where(isHeldBy(id, owner))
    },

    async showStep(id: InstanceId, owner: string, step: Step) {
      const set = { step, version: nextVersion }
      return firstOf(await db.update(instances).set(set).where(isHeldBy(id, owner)).returning())
    },

    /** Writes down that a step is done; `false` when the lease was lost meanwhile. */
    async recordStep(id: InstanceId, owner: string, doneStep: string): Promise<boolean> {
      const doneSteps = sql`array_append(${instances.doneSteps}, ${doneStep}::text)`
      const where = isHeldBy(id, owner)
      const written = await db
        .update(instances)
        .set({ doneSteps })
        .where(where)
        .returning({ id: instances.id })
      return written.length > 0
    },

    /**
     * Gives the lease back with what came of it; `null` when it was lost meanwhile. `row`: as it was leased. What may run with
     * a token that was revoked meanwhile is to be stopped.
     */
    async finish(row: InstanceRow, owner: string, outcome: Outcome) {
      const { id, tokenGeneration } = row
      const isValid = sql`${instances.tokenGeneration} = ${tokenGeneration}`
      const observed =
        outcome.observed === 'stopped'
          ? outcome.observed
          : sql<Observed>`case when ${isValid} then ${outcome.observed} else 'stopping' end`
      const set = { ...outcome, ...marks(outcome), observed, leaseOwner: null, leaseUntil: null }
      const where = and(isHeldBy(id, owner), isShownAgain(row, outcome) ? unsynced(database) : undefined)
      return firstOf(await db.update(instances).set(set).where(where).returning())
    },

    /**
     * Writes what the runtime showed, if nobody acts on the instance, the row is as it was read, and nobody has used
     * the instance within the last `unusedMs`, the platform included.
     */
    async observe(row: InstanceRow, seen: Seen, { unusedMs }: { unusedMs?: number } = {}) {
      const isUnused =
        unusedMs === undefined
          ? undefined
          : sql`${instances.lastUsedAt} <= now() - ${`${unusedMs} milliseconds`}::interval and not ${isOnErrand}`
      const isAsRead = and(eq(instances.id, row.id), eq(instances.version, row.version))
      const where = and(isAsRead, isNull(instances.leaseOwner), isUnused)
      const set = { ...seen, ...(seen.desired && WISHED), ...marks(seen) }
      return firstOf(await db.update(instances).set(set).where(where).returning())
    },

    /** Leases of a process that is certainly gone: only for a database that one process alone can use. */
    async freeAllLeases(): Promise<void> {
      await db.update(instances).set({ leaseOwner: null, leaseUntil: null })
    },
  }
}

export const createLeaseProof = ({ db }: Pick<Database, 'db'>) => ({
  /** Whether it still does: asked before what cannot be taken back. */
  async holdsLease(id: InstanceId, owner: string): Promise<boolean> {
    const isValid = and(isHeldBy(id, owner), sql`${instances.leaseUntil} > now()`)
    const held = await db
      .update(instances)
      .set({ leaseUntil: leaseEnd })
      .where(isValid)
      .returning({ id: instances.id })
    return held.length > 0
  },
})
