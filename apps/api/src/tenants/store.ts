/** The instances table: what is read of it, and what people wish. Its other SQL stands in `reconcile/` and `idle/`. */
import {
  type Desired,
  type ErrorBody,
  type ErrorCode,
  type InstanceId,
  isSleepTier,
  SLEEP_TIERS,
  type UserId,
} from '@matrixos/shared'
import { and, eq, inArray, isNotNull, ne, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, instances, users } from '../db/schema/index.ts'
import { createLeaseStore } from './reconcile/store.ts'
import { lockedInOrder } from './row-locks.ts'
import { firstOf, nextVersion, now, WISHED } from './row-sql.ts'

export type InstanceRow = typeof instances.$inferSelect

interface NewInstance {
  id: InstanceId
  userId: UserId
  handle: string
  image: string
  desired: Desired
  error: ErrorBody | null
  createdAt: Date
}

export type TenantStore = ReturnType<typeof createTenantStore>

export function createTenantStore({ db }: Pick<Database, 'db'>) {
  return {
    ...createLeaseStore({ db }),

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

    /**
     * Writes a wish; also forgets a back-off, since somebody asked, and for a wake the failure before it, which counts
     * as use. A deletion is never taken back here, and what is suspended is not woken.
     */
    async setDesired(id: InstanceId, desired: Desired) {
      const wake = { error: null, lastUsedAt: now }
      const rest = isSleepTier(desired) ? { failures: 0 } : desired === 'awake' ? wake : {}
      const set = { ...WISHED, desired, nextAttemptAt: null, version: nextVersion, ...rest }
      const mayWake = desired === 'awake' ? eq(instances.isSuspended, false) : undefined
      const where = and(eq(instances.id, id), ne(instances.desired, 'deleted'), mayWake)
      return firstOf(await db.update(instances).set(set).where(where).returning())
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
      return firstOf(
        await db
          .update(instances)
          .set({ ...WISHED, ...wake, version: nextVersion })
          .where(and(eq(instances.id, id), eq(instances.isSuspended, false), isNews))
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
        await tx.delete(instances).where(eq(instances.id, row.id))
        await tx.delete(users).where(eq(users.id, row.userId))
        await tx.update(handles).set({ quarantinedUntil }).where(eq(handles.handle, row.handle))
      })
    },
  }
}
