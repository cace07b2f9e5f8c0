/** The instances table: the only SQL of this domain. */
import type { Desired, ErrorBody, InstanceId, Observed, Step, UserId } from '@matrixos/shared'
import { and, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
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

/** Serialises the choice of slots: a transaction's lock that every creation takes. */
const SLOT_LOCK = 7_305_113_261

/** How long a dead api's instances stay untouched: well under the 10 s in which the platform heals. */
export const LEASE_MS = 4_000

export type TenantStore = ReturnType<typeof createTenantStore>

export function createTenantStore({ db }: Pick<Database, 'db'>) {
  const bump = sql`${instances.version} + 1`
  // Leases are taken and run out by the database's clock: those of the api processes may differ.
  const now = sql`now()`
  const leaseEnd = sql`now() + ${`${LEASE_MS} milliseconds`}::interval`
  const opened = { closingAt: null, closingSeen: [] }
  const first = (rows: InstanceRow[]): InstanceRow | null => rows[0] ?? null

  return {
    all: async (): Promise<InstanceRow[]> => db.select().from(instances),

    byId: async (id: InstanceId) => first(await db.select().from(instances).where(eq(instances.id, id))),

    byHandle: async (handle: string) =>
      first(await db.select().from(instances).where(eq(instances.handle, handle))),

    /** Takes the smallest free slot. Runs in the transaction that makes the user. */
    async insert(
      tx: DbOrTx,
      row: { id: InstanceId; userId: UserId; handle: string; image: string; createdAt: Date },
    ) {
      await tx.execute(sql`select pg_advisory_xact_lock(${SLOT_LOCK})`)
      const slot = sql<number>`(select min(free.slot) from (select 0 as slot union all select slot + 1 from ${instances}) free
        where not exists (select 1 from ${instances} used where used.slot = free.slot))`
      const fixed = { desired: 'awake', observed: 'creating', version: 1, step: 'queued' } as const
      const times = { observedAt: now, lastUsedAt: now }
      const rows = await tx
        .insert(instances)
        .values({ ...row, ...fixed, ...times, slot })
        .returning()
      const inserted = first(rows)
      if (!inserted) throw new Error('The new instance was not returned.')
      return inserted
    },

    /** Writes a wish; also forgets a back-off, since somebody asked. A deletion is never taken back here. */
    async setDesired(id: InstanceId, desired: Desired) {
      const set = { ...opened, desired, nextAttemptAt: null, version: bump }
      const where = and(eq(instances.id, id), ne(instances.desired, 'deleted'))
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /** Somebody comes: wakes it, or keeps it from being put to sleep. `null` when neither was needed. */
    async keepAwake(id: InstanceId) {
      const set = {
        ...opened,
        desired: 'awake',
        nextAttemptAt: null,
        lastUsedAt: now,
        version: bump,
      } as const
      const isNews = or(
        eq(instances.desired, 'asleep'),
        and(eq(instances.desired, 'awake'), isNotNull(instances.closingAt)),
      )
      return first(
        await db
          .update(instances)
          .set(set)
          .where(and(eq(instances.id, id), isNews))
          .returning(),
      )
    },

    /** Takes the lease and shows the state of the action; `null` when the row changed or another process acts on it. */
    async begin(row: InstanceRow, owner: string, during: { observed: Observed; step: Step | null }) {
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

    /** Gives the lease back with what came of it; `null` when it was lost meanwhile. */
    async finish(id: InstanceId, owner: string, outcome: Outcome) {
      const where = and(eq(instances.id, id), eq(instances.leaseOwner, owner))
      const set = { ...outcome, leaseOwner: null, leaseUntil: null, observedAt: now, version: bump }
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /** Writes what the runtime showed, if nobody acts on the instance and the row is as it was read. */
    async observe(row: InstanceRow, seen: Partial<Outcome> & { observed: Observed }) {
      const where = and(
        eq(instances.id, row.id),
        eq(instances.version, row.version),
        isNull(instances.leaseOwner),
      )
      const set = { ...seen, observedAt: now, version: bump }
      return first(await db.update(instances).set(set).where(where).returning())
    },

    /** Leases of a process that is certainly gone: only for a database that one process alone can use. */
    async freeAllLeases(): Promise<void> {
      await db.update(instances).set({ leaseOwner: null, leaseUntil: null })
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
