/** The instances table: the only SQL of this domain. */
import type { Desired, ErrorBody, ErrorCode, InstanceId, Observed, Step, UserId } from '@matrixos/shared'
import { and, eq, isNotNull, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, instances, users } from '../db/schema.ts'
import type { InstanceAddress } from '../ports/runtime.ts'

export type InstanceRow = typeof instances.$inferSelect

/** What a finished action writes, besides the new observed state. */
export interface Outcome {
  observed: Observed
  step: Step | null
  error: ErrorBody | null
  failures: number
  nextAttemptAt: Date | null
  address: InstanceAddress | null
}

/** What the runtime showed; `desired`: the wish that follows from it. */
type Seen = Pick<Outcome, 'observed'> & Partial<Outcome> & { desired?: Desired }

const OUTAGE: ErrorCode = 'engine_down'

interface NewInstance {
  id: InstanceId
  userId: UserId
  handle: string
  image: string
  desired: Desired
  error: ErrorBody | null
  now: Date
}

/** Serialises the choice of slots: a transaction's lock that every creation takes. */
const SLOT_LOCK = 7_305_113_261

/** How long a dead api's instances stay untouched: well under the 10 s in which the platform heals. */
export const LEASE_MS = 4_000

export type TenantStore = ReturnType<typeof createTenantStore>

export function createTenantStore({ db }: Pick<Database, 'db'>) {
  const bump = sql`${instances.version} + 1`
  /** What every change of the observed state writes besides. */
  const marks = ({ observed }: Seen, now: Date) => ({
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

    /** Takes the smallest free slot. Runs in the transaction that makes the user. */
    async insert(tx: DbOrTx, row: NewInstance) {
      await tx.execute(sql`select pg_advisory_xact_lock(${SLOT_LOCK})`)
      const slot = sql<number>`(select min(free.slot) from (select 0 as slot union all select slot + 1 from ${instances}) free
        where not exists (select 1 from ${instances} used where used.slot = free.slot))`
      const { now, ...given } = row
      const fixed = { observed: 'creating', version: 1, step: 'queued' } as const
      const times = { observedAt: now, lastUsedAt: now, createdAt: now }
      const rows = await tx
        .insert(instances)
        .values({ ...given, ...fixed, ...times, slot })
        .returning()
      const inserted = first(rows)
      if (!inserted) throw new Error('The new instance was not returned.')
      return inserted
    },

    /**
     * Writes a wish; also forgets a back-off, since somebody asked, and for a wake the failure before it. `usedAt`:
     * when, if that counts as use. A deletion is never taken back here.
     */
    async setDesired(
      id: InstanceId,
      desired: Desired,
      options: { onlyIf?: Desired; unusedSince?: Date; usedAt?: Date } = {},
    ) {
      const conditions = [eq(instances.id, id), ne(instances.desired, 'deleted')]
      if (options.onlyIf) conditions.push(eq(instances.desired, options.onlyIf))
      if (options.unusedSince) conditions.push(lte(instances.lastUsedAt, options.unusedSince))
      const { usedAt } = options
      const use = usedAt
        ? { lastUsedAt: sql`greatest(${instances.lastUsedAt}, ${usedAt.toISOString()}::timestamptz)` }
        : {}
      const rest = desired === 'asleep' ? { failures: 0 } : desired === 'awake' ? { error: null } : {}
      const set = { desired, nextAttemptAt: null, version: bump, ...use, ...rest }
      return first(
        await db
          .update(instances)
          .set(set)
          .where(and(...conditions))
          .returning(),
      )
    },

    /** Takes the lease and shows the state of the action; `null` when the row changed or another process acts on it. */
    async begin(
      row: InstanceRow,
      owner: string,
      during: Pick<Outcome, 'observed' | 'step'> & Partial<Outcome>,
      now: Date,
    ) {
      const free = or(
        isNull(instances.leaseOwner),
        eq(instances.leaseOwner, owner),
        lt(instances.leaseUntil, now),
      )
      const lease = { leaseOwner: owner, leaseUntil: new Date(now.getTime() + LEASE_MS) }
      return first(
        await db
          .update(instances)
          .set({ ...during, ...lease, observedAt: now, version: bump })
          .where(and(eq(instances.id, row.id), eq(instances.version, row.version), free))
          .returning(),
      )
    },

    async extendLease(id: InstanceId, owner: string, now: Date): Promise<void> {
      const leaseUntil = new Date(now.getTime() + LEASE_MS)
      await db
        .update(instances)
        .set({ leaseUntil })
        .where(and(eq(instances.id, id), eq(instances.leaseOwner, owner)))
    },

    async showStep(id: InstanceId, owner: string, step: Step) {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      return first(await db.update(instances).set({ step, version: bump }).where(where).returning())
    },

    /** Gives the lease back with what came of it; `null` when it was lost meanwhile. */
    async finish(id: InstanceId, owner: string, outcome: Outcome, now: Date) {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      const set = { ...outcome, ...marks(outcome, now), leaseOwner: null, leaseUntil: null }
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /**
     * Writes what the runtime showed, if nobody acts on the instance, the row is as it was read, and nobody has used
     * the instance after `unusedSince`.
     */
    async observe(row: InstanceRow, seen: Seen, now: Date, { unusedSince }: { unusedSince?: Date } = {}) {
      const conditions = [
        eq(instances.id, row.id),
        eq(instances.version, row.version),
        isNull(instances.leaseOwner),
      ]
      if (unusedSince) conditions.push(lte(instances.lastUsedAt, unusedSince))
      const set = { ...seen, ...marks(seen, now) }
      return first(
        await db
          .update(instances)
          .set(set)
          .where(and(...conditions))
          .returning(),
      )
    },

    /** Forgets the back-off of every instance that waits for the engine; resolves with their rows. */
    forgetOutage: async (): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ nextAttemptAt: null, version: bump })
        .where(and(isNotNull(instances.nextAttemptAt), sql`${instances.error}->>'code' = ${OUTAGE}`))
        .returning(),

    /** Leases of a process that is certainly gone: only for a database that one process alone can use. */
    async freeAllLeases(): Promise<void> {
      await db.update(instances).set({ leaseOwner: null, leaseUntil: null })
    },

    async saveLastUsed(id: InstanceId, at: Date): Promise<void> {
      await db
        .update(instances)
        .set({ lastUsedAt: at })
        .where(and(eq(instances.id, id), lt(instances.lastUsedAt, at)))
    },

    /** The account and all that hangs on it go; the handle stays out of reach until the given time. */
    async removeAccount(row: InstanceRow, quarantinedUntil: Date): Promise<void> {
      await db.transaction(async (tx) => {
        await tx.delete(users).where(eq(users.id, row.userId))
        await tx.update(handles).set({ quarantinedUntil }).where(eq(handles.handle, row.handle))
      })
    },
  }
}
