/** Reading the audit log: newest first, by keyset, so that a page costs the same however deep it lies. */
import { and, desc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { auditLog } from '../db/schema/index.ts'

export type AuditRow = typeof auditLog.$inferSelect

export interface AuditCriteria {
  /** Any of these. */
  actors?: string[] | undefined
  targets?: string[] | undefined
  action?: string | undefined
  from?: Date
  /** Exclusive. */
  to?: Date
  /** Only rows before this one. */
  before?: number | undefined
  limit: number
}

export type AuditReader = ReturnType<typeof createAuditReader>

export function createAuditReader({ db }: Pick<Database, 'db'>) {
  return {
    search: async (criteria: AuditCriteria): Promise<AuditRow[]> => {
      const { actors, targets, action, from, to, before, limit } = criteria
      const where = and(
        actors && inArray(auditLog.actor, actors),
        targets && inArray(auditLog.target, targets),
        action ? eq(auditLog.action, action) : undefined,
        from && gte(auditLog.at, from),
        to && lt(auditLog.at, to),
        before === undefined ? undefined : lt(auditLog.id, before),
      )
      return db.select().from(auditLog).where(where).orderBy(desc(auditLog.id)).limit(limit)
    },

    /** What these did, and what was done to them. */
    about: async (ids: string[], limit: number): Promise<AuditRow[]> =>
      db
        .select()
        .from(auditLog)
        .where(or(inArray(auditLog.actor, ids), inArray(auditLog.target, ids)))
        .orderBy(desc(auditLog.id))
        .limit(limit),

    /** Every action in the log: jumps from one to the next in the index, instead of reading all rows. */
    async actions(): Promise<string[]> {
      const next = sql`select action from ${auditLog} where action > found.action order by action limit 1`
      const found = sql`(with recursive found(action) as (
          (select action from ${auditLog} order by action limit 1)
          union all select (${next}) from found where found.action is not null
        ) select action from found where action is not null) as distinct_actions`
      const rows = await db.select({ action: sql<string>`action` }).from(found)
      return rows.map(({ action }) => action)
    },
  }
}
