/** The SQL of deletions that can still be taken back: each way out of the grace is one conditional statement. */
import type { Desired, InstanceId } from '@matrixos/shared'
import { and, eq, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { instances } from '../db/schema/index.ts'
import { lockedInOrder } from './row-locks.ts'
import { firstOf, type InstanceRow, nextVersion, now, WISHED } from './row-sql.ts'

export function createDeletionStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Its owner keeps it. `note`, as for the request. `null`: nobody deletes it, or it is too late. */
    undoDeletion: async (id: InstanceId, note: (tx: DbOrTx) => Promise<void>) =>
      db.transaction(async (tx) => {
        // What is suspended stays asleep.
        const back = sql<Desired>`case when ${instances.isSuspended} then 'asleep' else 'awake' end`
        const set = {
          ...WISHED,
          desired: back,
          deletionDueAt: null,
          nextAttemptAt: null,
          version: nextVersion,
        }
        const written = firstOf(
          await tx
            .update(instances)
            .set({ ...set, lastUsedAt: now })
            .where(and(eq(instances.id, id), eq(instances.desired, 'leaving')))
            .returning(),
        )
        if (written) await note(tx)
        return written
      }),

    /** From here on nothing leads back. */
    deleteDue: async (): Promise<InstanceRow[]> =>
      db
        .update(instances)
        .set({ desired: 'deleted', nextAttemptAt: null, failures: 0, version: nextVersion })
        .where(lockedInOrder(sql`${instances.desired} = 'leaving' and ${instances.deletionDueAt} <= now()`))
        .returning(),
  }
}
