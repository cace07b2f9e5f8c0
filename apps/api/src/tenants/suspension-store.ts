/** The SQL of suspending the instances of people whose accounts are. */
import type { UserId } from '@matrixos/shared'
import { inArray, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/database.ts'
import { instances } from '../db/schema/index.ts'
import { lockedInOrder } from './row-locks.ts'
import { nextVersion, WISHED } from './row-sql.ts'
import type { InstanceRow } from './store.ts'

/** What is on its way out stays so, and what sleeps deeper does too. */
const asleep = sql`case when ${instances.desired} in ('awake', 'paused') then 'asleep' else ${instances.desired} end`
const putToSleep = { ...WISHED, desired: asleep, nextAttemptAt: null, failures: 0 }

/** Put to sleep and kept from waking, or free to wake again; answers those that are so from now on. */
export const setSuspended = async (
  tx: DbOrTx,
  userIds: UserId[],
  isSuspended: boolean,
): Promise<InstanceRow[]> =>
  userIds.length === 0
    ? []
    : tx
        .update(instances)
        .set({ isSuspended, version: nextVersion, ...(isSuspended ? putToSleep : {}) })
        .where(lockedInOrder(inArray(instances.userId, userIds)))
        .returning()
