/** An instance's row, and what the statements on it share. */
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { creditHolds, errands, instances } from '../db/schema/index.ts'

export type InstanceRow = typeof instances.$inferSelect

/** Of every change that others should see. */
export const nextVersion = sql`${instances.version} + 1`

/** By the database's clock: those of the api processes may differ. */
export const now = sql`now()`

/** Whoever writes a wish ends what was begun for the one before; the sweeper says when the new one ends. */
export const WISHED = { closingAt: null, closingSeen: [], tierEndsAt: null }

/**
 * A condition that always holds: the statement commits without waiting for the disk (PostgreSQL's asynchronous commit, for this transaction
 * alone). A crash of the database may take the last moments back, all of them from some point on, and never out of order. So only
 * for what the engine shows again, or a visitor wishes again: that an instance is wanted, starts, or runs. A wake waits for three
 * such writes. `undefined` for PGlite: there, the end of this process would be such a crash.
 */
export const unsynced = ({ name }: Pick<Database, 'name'>): SQL | undefined =>
  name === 'postgres' ? sql`set_config('synchronous_commit', 'off', true) = 'off'` : undefined

/** Of the rows that a statement returns. */
export const firstOf = <R>(rows: R[]): R | null => rows[0] ?? null

/**
 * The platform handed it something, such as a message, and has not heard yet that this is done: no use of it, but reason
 * enough to stay awake, a bounded time.
 */
export const isOnErrand = sql`exists (select 1 from ${errands} where ${errands.instanceId} = ${instances.id}
  and ${errands.isOpen} and ${errands.until} > now())`

/** A call whose proxy has been silent for this long is over, whether or not it has been settled. */
const CALL_LIFE_MS = 60_000

/** No use, so that it moves no deadline: but whoever waits for an answer is not put to sleep before it came. */
export const isCalling = sql`exists (select 1 from ${creditHolds} where ${creditHolds.instanceId} = ${instances.id}
  and not ${creditHolds.isDraining} and ${creditHolds.heartbeatAt} > now() - ${`${CALL_LIFE_MS} milliseconds`}::interval)`
