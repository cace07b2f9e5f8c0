/** The instances table: what is read of it, and what people wish. Its other SQL stands in `reconcile/` and `idle/`. */
import {
  type Desired,
  type ErrorBody,
  type ErrorCode,
  type InstanceId,
  isSleepTier,
  LEAVING,
  type Observed,
  SLEEP_TIERS,
  type UserId,
} from '@matrixos/shared'
import { and, eq, inArray, isNotNull, isNull, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, instances, users } from '../db/schema/index.ts'
import { createDeletionStore } from './deletion-store.ts'
import { createLeaseProof, createLeaseStore } from './reconcile/store.ts'
import { lockedInOrder } from './row-locks.ts'
import { firstOf, type InstanceRow, nextVersion, now, unsynced, WISHED } from './row-sql.ts'

export type { InstanceRow }

interface NewInstance {
  id: InstanceId
  userId: UserId
  handle: string
  image: string
  desired: Desired
  error: ErrorBody | null
  createdAt: Date
}

/**
 * Writes a wish; also forgets a back-off, since somebody asked, and for a wake the failure before it, which counts as
 * use. A deletion is never taken back here, and what is suspended is not woken.
 */
async function wish(by: DbOrTx, id: InstanceId, desired: Desired, more: { deletionDueAt?: SQL } = {}) {
  const wake = { error: null, lastUsedAt: now }
  const rest = isSleepTier(desired) ? { failures: 0 } : desired === 'awake' ? wake : {}
  const set = { ...WISHED, desired, nextAttemptAt: null, version: nextVersion, ...rest, ...more }
  const mayWake = desired === 'awake' ? eq(instances.isSuspended, false) : undefined
  const where = and(eq(instances.id, id), notInArray(instances.desired, LEAVING), mayWake)
  return firstOf(await by.update(instances).set(set).where(where).returning())
}

export type TenantStore = ReturnType<typeof createTenantStore>

export function createTenantStore(database: Pick<Database, 'db' | 'name'>) {
  const { db } = database
  return {
    ...createLeaseStore(database),
    ...createLeaseProof({ db }),

    all: async (): Promise<InstanceRow[]> => db.select().from(instances),

    byId: async (id: InstanceId) => firstOf(await db.select().from(instances).where(eq(instances.id, id))),

    byUser: async (userId: UserId) =>
      firstOf(await db.select().from(instances).where(eq(instances.userId, userId))),

    byHandle: async (handle: string) =>
      firstOf(await db.select().from(instances).where(eq(instances.handle, handle))),

    /** Runs in the transaction that makes the user. */
    async insert(tx: DbOrTx, row: NewInstance) {
      const fixed = { observed: 'creating', version: 1, step: 'queued', tokenGeneration: 1 } as const
      const times = { observedAt: now, lastUsedAt: now }
      const rows = await tx
        .insert(instances)
        .values({ ...row, ...fixed, ...times })
        .returning()
      const inserted = firstOf(rows)
      if (!inserted) throw new Error('The new instance was not returned.')
      return inserted
    },

    /** `null`: it is being deleted, or suspended. */
    setDesired: (id: InstanceId, desired: Desired) => wish(db, id, desired),

    /**
     * The last wish, which holds from `graceMs` on; until then it can be undone. `note` writes what is to be known of it:
     * both, or neither. `null`: that was wished before.
     */
    requestDeletion: async (id: InstanceId, graceMs: number, note: (tx: DbOrTx) => Promise<void>) =>
      db.transaction(async (tx) => {
        const due = { deletionDueAt: sql`now() + ${`${Math.round(graceMs)} milliseconds`}::interval` }
        const written = await (graceMs > 0 ? wish(tx, id, 'leaving', due) : wish(tx, id, 'deleted'))
        if (written) await note(tx)
        return written
      }),

    /** Its owner wants what runs anew: it stops, and the wish starts it again. `null`: nothing runs, or it changes anyway. */
    async restart(id: InstanceId) {
      const isUp = and(inArray(instances.observed, ['running', 'paused']), isNull(instances.leaseOwner))
      const isFree = and(notInArray(instances.desired, LEAVING), eq(instances.isSuspended, false))
      const stopping = { observed: 'stopping', address: null, step: null, observedAt: now } as const
      const anew = {
        desired: 'awake',
        error: null,
        failures: 0,
        nextAttemptAt: null,
        lastUsedAt: now,
      } as const
      const set = { ...WISHED, ...stopping, ...anew, version: nextVersion }
      const where = and(eq(instances.id, id), isUp, isFree)
      return firstOf(await db.update(instances).set(set).where(where).returning())
    },

    ...createDeletionStore({ db }),

    /**
     * The token that it has is worth nothing from here on. What may run has it, and is stopped: the next start gives
     * the new one. A start that is under way comes to the same when it is over.
     */
    async revokeToken(id: InstanceId) {
      const hasIt = sql`${instances.observed} in ('starting', 'running', 'paused')`
      const set = {
        tokenGeneration: sql`${instances.tokenGeneration} + 1`,
        observed: sql<Observed>`case when ${hasIt} then 'stopping' else ${instances.observed} end`,
        address: sql`case when ${hasIt} then null else ${instances.address} end`,
        observedAt: now,
        version: nextVersion,
      }
      return firstOf(await db.update(instances).set(set).where(eq(instances.id, id)).returning())
    },

    /** Nothing that runs is stopped for it: the token that it has stays good until another is in use. */
    raiseAiToken: async (ids: InstanceId[]): Promise<InstanceRow[]> =>
      ids.length === 0
        ? []
        : db
            .update(instances)
            .set({ aiTokenGeneration: sql`${instances.aiTokenGeneration} + 1`, version: nextVersion })
            .where(lockedInOrder(sql`${inArray(instances.id, ids)} and ${ne(instances.desired, 'deleted')}`))
            .returning(),

    /** Those of another of these images get it with their next start; whose image is none of them keep theirs. */
    async changeImage(image: string, among: readonly string[]): Promise<void> {
      const others = among.filter((each) => each !== image)
      if (others.length === 0) return
      await db
        .update(instances)
        .set({ image, version: nextVersion })
        .where(lockedInOrder(sql`${inArray(instances.image, others)}`))
    },

    /**
     * Somebody comes: wakes it, keeps it from being put to sleep, or, with `retry`, forgets the back-off of a failure.
     * `null` when nothing of that was needed.
     */
    async keepAwake(id: InstanceId, { retry, isUse = true }: { retry: boolean; isUse?: boolean }) {
      const use = isUse ? { lastUsedAt: now } : {}
      const wake = { desired: 'awake', nextAttemptAt: null, error: null, ...use } as const
      const isHeldBack = retry ? isNotNull(instances.nextAttemptAt) : undefined
      const isNews = or(
        inArray(instances.desired, SLEEP_TIERS),
        and(eq(instances.desired, 'awake'), or(isNotNull(instances.closingAt), isHeldBack)),
      )
      return firstOf(
        await db
          .update(instances)
          .set({ ...WISHED, ...wake, version: nextVersion })
          .where(and(eq(instances.id, id), eq(instances.isSuspended, false), isNews, unsynced(database)))
          .returning(),
      )
    },

    /** Forgets the back-off of every instance that failed for this reason; resolves with their rows. */
    retryAll: async (reason: ErrorCode): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ nextAttemptAt: null, version: nextVersion })
        .where(
          lockedInOrder(
            sql`${instances.nextAttemptAt} is not null and ${instances.error}->>'code' = ${reason}`,
          ),
        )
        .returning(),

    /** The instance, the account and all that hangs on them go; the handle stays out of reach until the given time. */
    async removeAccount(row: InstanceRow, quarantinedUntil: Date): Promise<void> {
      await db.transaction(async (tx) => {
        // The person first, as a suspension does: each would wait for the other otherwise.
        await tx.delete(users).where(eq(users.id, row.userId))
        await tx.delete(instances).where(eq(instances.id, row.id))
        await tx.update(handles).set({ quarantinedUntil }).where(eq(handles.handle, row.handle))
      })
    },
  }
}
