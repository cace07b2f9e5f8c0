/** The SQL by which people read their calls: what each was, and what they cost by day and model. */
import type { Id, UserId } from '@matrixos/shared'
import { and, desc, eq, gte, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { aiCalls } from '../../db/schema/index.ts'

export type CallRow = typeof aiCalls.$inferSelect

export type UsageStore = ReturnType<typeof createUsageStore>

/** Sums are of arbitrary size in the database, and pass as text. */
export const nano = (text: string | null): bigint => BigInt(text ?? '0')

/** All that were read, written to a cache and produced. */
export const TOKENS = sql`${aiCalls.inputTokens}::bigint + ${aiCalls.cacheWrite5mTokens} + ${aiCalls.cacheWrite1hTokens} + ${aiCalls.cacheReadTokens} + ${aiCalls.outputTokens}`

export function createUsageStore({ db }: Pick<Database, 'db'>) {
  const day = sql<string>`to_char(${aiCalls.at} at time zone 'UTC', 'YYYY-MM-DD')`
  /** By day (UTC) and model, oldest first. */
  const dailyRows = (userId: UserId, since: Date) =>
    db
      .select({
        day,
        model: aiCalls.model,
        calls: sql<string>`count(*)`,
        tokens: sql<string>`sum(${TOKENS})`,
        cost: sql<string>`sum(${aiCalls.cost})`,
        ownCost: sql<string | null>`sum(${aiCalls.cost}) filter (where ${aiCalls.payer} = 'own')`,
      })
      .from(aiCalls)
      .where(and(eq(aiCalls.userId, userId), gte(aiCalls.at, since)))
      .groupBy(sql`1`, aiCalls.model)
      .orderBy(sql`1`, aiCalls.model)

  return {
    /** Newest first, beginning after the call `before`. The database's times are finer than this process's. */
    page: (userId: UserId, before: Id<'aic'> | null, limit: number) =>
      db
        .select()
        .from(aiCalls)
        .where(
          and(
            eq(aiCalls.userId, userId),
            before === null
              ? undefined
              : sql`(${aiCalls.at}, ${aiCalls.id}) < (select at, id from ${aiCalls} as last where last.id = ${before} and last.user_id = ${userId})`,
          ),
        )
        .orderBy(desc(aiCalls.at), desc(aiCalls.id))
        .limit(limit),

    async daily(userId: UserId, since: Date) {
      const rows = await dailyRows(userId, since)
      return rows.map(({ calls, tokens, cost, ownCost, ...row }) => ({
        ...row,
        calls: Number(calls),
        tokens: Number(tokens),
        cost: nano(cost),
        ownCost: nano(ownCost),
      }))
    },

    dailyRows,
  }
}
