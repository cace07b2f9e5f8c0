/** The instances table: the only SQL of this domain. */
import {
  type Desired,
  type ErrorBody,
  type ErrorCode,
  type InstanceId,
  isSleepTier,
  type Observed,
  SLEEP_TIERS,
  type Step,
  type UserId,
} from '@matrixos/shared'
import { and, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, instances, users } from '../db/schema/index.ts'
import type { InstanceAddress } from '../ports/runtime.ts'
import { lockedInOrder } from './row-locks.ts'

export type InstanceRow = typeof instances.$inferSelect

/** What a finished action writes, besides the new observed state. */
export interface Outcome {
  observed: Observed
  step: Step | null
  error: ErrorBody | null
  failures: number
  nextAttemptAt: Date | null
  address: InstanceAddress | null
  doneSteps?: string[]
}

/** What the runtime showed; `desired`: the wish that follows from it. */
type Seen = Pick<Outcome, 'observed'> & Partial<Outcome> & { desired?: Desired }

interface NewInstance {
  id: InstanceId
  userId: UserId
  handle: string
  image: string
  desired: Desired
  error: ErrorBody | null
  createdAt: Date
}

/** How long a dead api's instances stay untouched: well under the 10 s in which the platform heals. */
export const LEASE_MS = 4_000

export type TenantStore = ReturnType<typeof createTenantStore>

export function createTenantStore({ db }: Pick<Database, 'db'>) {
  const bump = sql`${instances.version} + 1`
  // Leases are taken and run out by the database's clock: those of the api processes may differ.
  const now = sql`now()`
  const leaseEnd = sql`now() + ${`${LEASE_MS} milliseconds`}::interval`
  const opened = { closingAt: null, closingSeen: [] }
  // Whoever writes a wish ends what was begun for the one before; the sweeper says when the new one ends.
  const wished = { ...opened, tierEndsAt: null }
  /** What every change of the observed state writes besides. */
  const marks = ({ observed }: Seen) => ({
    observedAt: now,
    version: bump,
    ...(observed === 'running' ? { hasRun: true } : {}),
  })
  const first = (rows: InstanceRow[]): InstanceRow | null => rows[0] ?? null

  return {
    all: async (): Promise<InstanceRow[]> => db.select().from(instances),

    byId: async (id: InstanceId) => first(await db.select().from(instances).where(eq(instances.id, id))),

    byHandle: async (handle: string) =>
      first(await db.select().from(instances).where(eq(instances.handle, handle))),

    /** Runs in the transaction that makes the user. */
    async insert(tx: DbOrTx, row: NewInstance) {
      const fixed = { observed: 'creating', version: 1, step: 'queued', tokenGeneration: 1 } as const
      const times = { observedAt: now, lastUsedAt: now }
      const rows = await tx
        .insert(instances)
        .values({ ...row, ...fixed, ...times })
        .returning()
      const inserted = first(rows)
      if (!inserted) throw new Error('The new instance was not returned.')
      return inserted
    },

    /**
     * Writes a wish; also forgets a back-off, since somebody asked, and for a wake the failure before it, which counts
     * as use. A deletion is never taken back here, and what is suspended is not woken.
     */
    async setDesired(id: InstanceId, desired: Desired) {
      const wake = { error: null, lastUsedAt: now }
      const rest = isSleepTier(desired) ? { failures: 0 } : desired === 'awake' ? wake : {}
      const set = { ...wished, desired, nextAttemptAt: null, version: bump, ...rest }
      const mayWake = desired === 'awake' ? eq(instances.isSuspended, false) : undefined
      const where = and(eq(instances.id, id), ne(instances.desired, 'deleted'), mayWake)
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /**
     * Somebody comes: wakes it, keeps it from being put to sleep, or, with `retry`, forgets the back-off of a failure.
     * `null` when nothing of that was needed.
     */
    async keepAwake(id: InstanceId, { retry }: { retry: boolean }) {
      const wake = { desired: 'awake', nextAttemptAt: null, error: null, lastUsedAt: now } as const
      const isHeldBack = retry ? isNotNull(instances.nextAttemptAt) : undefined
      const isNews = or(
        inArray(instances.desired, SLEEP_TIERS),
        and(eq(instances.desired, 'awake'), or(isNotNull(instances.closingAt), isHeldBack)),
      )
      return first(
        await db
          .update(instances)
          .set({ ...wished, ...wake, version: bump })
          .where(and(eq(instances.id, id), eq(instances.isSuspended, false), isNews))
          .returning(),
      )
    },

    /** Takes the lease and shows the state of the action; `null` when the row changed or another process acts on it. */
    async begin(
      row: InstanceRow,
      owner: string,
      during: Pick<Outcome, 'observed' | 'step'> & Partial<Outcome & Pick<InstanceRow, 'tokenGeneration'>>,
    ) {
      const free = or(
        isNull(instances.leaseOwner),
        eq(instances.leaseOwner, owner),
        // One that ends much later than any lease can was given before that clock was set back.
        sql`${instances.leaseUntil} not between ${now} and ${leaseEnd} + interval '1 minute'`,
      )
      const lease = { leaseOwner: owner, leaseUntil: leaseEnd }
      return first(
        await db
          .update(instances)
          .set({ ...during, ...lease, observedAt: now, version: bump })
          .where(and(eq(instances.id, row.id), eq(instances.version, row.version), free))
          .returning(),
      )
    },

    async extendLease(id: InstanceId, owner: string): Promise<void> {
      await db
        .update(instances)
        .set({ leaseUntil: leaseEnd })
        .where(and(eq(instances.id, id), eq(instances.leaseOwner, owner)))
    },

    async showStep(id: InstanceId, owner: string, step: Step) {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      return first(await db.update(instances).set({ step, version: bump }).where(where).returning())
    },

    /** Writes down that a step is done; `false` when the lease was lost meanwhile. */
    async recordStep(id: InstanceId, owner: string, doneStep: string): Promise<boolean> {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      const doneSteps = sql`array_append(${instances.doneSteps}, ${doneStep}::text)`
      const written = await db
        .update(instances)
        .set({ doneSteps })
        .where(where)
        .returning({ id: instances.id })
      return written.length > 0
    },

    /** Gives the lease back with what came of it; `null` when it was lost meanwhile. */
    async finish(id: InstanceId, owner: string, outcome: Outcome) {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      const set = { ...outcome, ...marks(outcome), leaseOwner: null, leaseUntil: null }
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /**
     * Writes what the runtime showed, if nobody acts on the instance, the row is as it was read, and nobody has used
     * the instance within the last `unusedMs`.
     */
    async observe(row: InstanceRow, seen: Seen, { unusedMs }: { unusedMs?: number } = {}) {
      const conditions = [
        eq(instances.id, row.id),
        eq(instances.version, row.version),
        isNull(instances.leaseOwner),
      ]
      if (unusedMs !== undefined)
        conditions.push(sql`${instances.lastUsedAt} <= now() - ${`${unusedMs} milliseconds`}::interval`)
      const set = { ...seen, ...(seen.desired && wished), ...marks(seen) }
      return first(
        await db
          .update(instances)
          .set(set)
          .where(and(...conditions))
          .returning(),
      )
    },

    /** Forgets the back-off of every instance that failed for this reason; resolves with their rows. */
    retryAll: async (reason: ErrorCode): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ nextAttemptAt: null, version: bump })
        .where(
          lockedInOrder(
            sql`${instances.nextAttemptAt} is not null and ${instances.error}->>'code' = ${reason}`,
          ),
        )
        .returning(),

    /** Leases of a process that is certainly gone: only for a database that one process alone can use. */
    async freeAllLeases(): Promise<void> {
      await db.update(instances).set({ leaseOwner: null, leaseUntil: null })
    },

    /** The instance, the account and all that hangs on them go; the handle stays out of reach until the given time. */
    async removeAccount(row: InstanceRow, quarantinedUntil: Date): Promise<void> {
      await db.transaction(async (tx) => {
        await tx.delete(instances).where(eq(instances.id, row.id))
        await tx.delete(users).where(eq(users.id, row.userId))
        await tx.update(handles).set({ quarantinedUntil }).where(eq(handles.handle, row.handle))
      })
    },
  }
}
