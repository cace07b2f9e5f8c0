/** The SQL of instances that are to be told of something. Leases are by the database's clock. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { instances, matrixCalls } from '../db/schema/index.ts'

export type CallRow = typeof matrixCalls.$inferSelect
export type CallStore = ReturnType<typeof createCallStore>

const LEASE_S = 20
const FIRST_RETRY_S = 5
const LONGEST_RETRY_S = 600
/** `2 ^ attempts` would not end. */
const MOST_DOUBLINGS = 10

const interval = (seconds: number) => sql`${`${seconds} seconds`}::interval`
const FREED = { leaseOwner: null, leaseUntil: null } as const

export function createCallStore({ db, processId }: Pick<Database, 'db'> & { processId: string }) {
  const isMine = ({ instanceId }: CallRow) =>
    and(eq(matrixCalls.instanceId, instanceId), eq(matrixCalls.leaseOwner, processId))
  return {
    /** Those that are due, for this process alone. Of an instance that is suspended or leaves, none ever is. */
    async claim(most: number): Promise<CallRow[]> {
      const isFree = sql`(c.lease_until is null or c.lease_until < now())`
      const due = sql`select c.instance_id from ${matrixCalls} c
        join ${instances} i on i.id = c.instance_id and not i.is_suspended and i.desired not in ('leaving', 'deleted')
        where c.next_attempt_at <= now() and ${isFree}
        order by c.next_attempt_at limit ${most} for update of c skip locked`
      return db
        .update(matrixCalls)
        .set({
          attempts: sql`${matrixCalls.attempts} + 1`,
          ...{ leaseOwner: processId, leaseUntil: sql`now() + ${interval(LEASE_S)}` },
        })
        .where(sql`${matrixCalls.instanceId} in (${due})`)
        .returning()
    },

    async renew(rows: CallRow[]): Promise<void> {
      const ids = rows.map(({ instanceId }) => instanceId)
      await db
        .update(matrixCalls)
        .set({ leaseUntil: sql`now() + ${interval(LEASE_S)}` })
        .where(and(inArray(matrixCalls.instanceId, ids), eq(matrixCalls.leaseOwner, processId)))
    },

    /** It was told, or nobody tries any longer. What came meanwhile is told as well, and counts from now on. */
    async finish(row: CallRow): Promise<void> {
      const gone = await db
        .delete(matrixCalls)
        .where(and(isMine(row), eq(matrixCalls.seq, row.seq)))
        .returning({ id: matrixCalls.instanceId })
      if (gone.length > 0) return
      const again = { ...FREED, attempts: 0, since: sql`now()`, nextAttemptAt: sql`now()` }
      await db.update(matrixCalls).set(again).where(isMine(row))
    },

    async postpone(row: CallRow): Promise<void> {
      const wait = Math.min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** Math.min(row.attempts - 1, MOST_DOUBLINGS))
      const set = { ...FREED, nextAttemptAt: sql`now() + ${interval(wait)}` }
      await db.update(matrixCalls).set(set).where(isMine(row))
    },

    /** Leases of processes that are certainly gone: only for a database that one process alone can use. */
    async freeAll(): Promise<void> {
      await db.update(matrixCalls).set(FREED).where(sql`${matrixCalls.leaseOwner} is not null`)
    },

    async release(): Promise<void> {
      await db.update(matrixCalls).set(FREED).where(eq(matrixCalls.leaseOwner, processId))
    },
  }
}
