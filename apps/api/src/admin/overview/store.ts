/** The counts of the overview. */
import { count, eq, gte, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { instances, users } from '../../db/schema/index.ts'

export type OverviewStore = ReturnType<typeof createOverviewStore>

export const createOverviewStore = ({ db }: Pick<Database, 'db'>) => ({
  /** `day` and `week`: when they began. */
  async people({ day, week }: { day: Date; week: Date }) {
    const [total, admins, suspended, signedUp24h, signedUp7d] = await Promise.all([
      db.$count(users),
      db.$count(users, eq(users.role, 'admin')),
      db.$count(users, isNotNull(users.suspendedAt)),
      db.$count(users, gte(users.createdAt, day)),
      db.$count(users, gte(users.createdAt, week)),
    ])
    return { total, admins, suspended, signedUp24h, signedUp7d }
  },

  async instances() {
    const rows = await db
      .select({ observed: instances.observed, count: count() })
      .from(instances)
      .groupBy(instances.observed)
      .orderBy(sql`count(*) desc`)
    const total = rows.reduce((sum, row) => sum + row.count, 0)
    return { total, byObserved: Object.fromEntries(rows.map((row) => [row.observed, row.count])) }
  },
})
