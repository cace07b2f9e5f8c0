/** Lets one api process at a time do what only one should: a lease in the database, renewed each time it is asked for. */
import { sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { jobLeases } from '../db/schema/index.ts'

export interface SoleRunnerOptions {
  db: Database['db']
  /** Names the work. */
  name: string
  processId: string
  /** How long the lease holds: longer than from one question to the next. */
  leaseMs: number
}

export type SoleRunner = ReturnType<typeof createSoleRunner>

export function createSoleRunner({ db, name, processId, leaseMs }: SoleRunnerOptions) {
  const until = sql`now() + ${`${leaseMs} milliseconds`}::interval`
  return {
    /** Whether this process has the lease, from now on for `leaseMs`. */
    async hold(): Promise<boolean> {
      const rows = await db
        .insert(jobLeases)
        .values({ name, owner: processId, until })
        .onConflictDoUpdate({
          target: jobLeases.name,
          set: { owner: processId, until },
          setWhere: sql`${jobLeases.owner} = ${processId} or ${jobLeases.until} < now()`,
        })
        .returning({ owner: jobLeases.owner })
      return rows.length > 0
    },

    /** Gives it up, so that another need not wait until it runs out. */
    async release(): Promise<void> {
      await db.delete(jobLeases).where(sql`${jobLeases.name} = ${name} and ${jobLeases.owner} = ${processId}`)
    },
  }
}

/** Forgets what nobody holds any more. */
export async function deleteExpiredLeases(db: Database['db']): Promise<void> {
  await db.delete(jobLeases).where(sql`${jobLeases.until} < now()`)
}
