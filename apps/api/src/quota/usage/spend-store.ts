/** The SQL of what the platform's key is spent on, by anybody. */
import { FIRST_PLAN } from '@matrixos/shared'
import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { aiCalls, creditAccounts, creditHolds, instances, users } from '../../db/schema/index.ts'
import { nano, TOKENS } from './store.ts'

/** Those who spent most. */
const MOST_PEOPLE = 100

export type SpendStore = ReturnType<typeof createSpendStore>

export function createSpendStore({ db }: Pick<Database, 'db'>) {
  const isPaid = eq(aiCalls.payer, 'platform')
  const isEstimated = sql`filter (where ${aiCalls.status} = 'estimated')`
  const cost = sql<string | null>`sum(${aiCalls.cost})`
  const calls = sql<string>`count(*)`

  /** By day (UTC) and model, oldest first. */
  const daily = (since: Date) =>
    db
      .select({
        day: sql<string>`to_char(${aiCalls.at} at time zone 'UTC', 'YYYY-MM-DD')`,
        model: aiCalls.model,
        ...{ calls, cost, tokens: sql<string>`sum(${TOKENS})` },
        estimatedCalls: sql<string>`count(*) ${isEstimated}`,
        estimatedCost: sql<string | null>`sum(${aiCalls.cost}) ${isEstimated}`,
      })
      .from(aiCalls)
      .where(and(gte(aiCalls.at, since), isPaid))
      .groupBy(sql`1`, aiCalls.model)
      .orderBy(sql`1`, aiCalls.model)

  const byPerson = (since: Date) => {
    const top = db
      .select({ userId: aiCalls.userId, cost: cost.as('cost'), calls: calls.as('calls') })
      .from(aiCalls)
      .where(and(gte(aiCalls.at, since), isPaid))
      .groupBy(aiCalls.userId)
      .orderBy(desc(sql`sum(${aiCalls.cost})`), aiCalls.userId)
      .limit(MOST_PEOPLE)
      .as('top')
    return db
      .select({
        ...{ cost: top.cost, calls: top.calls, handle: users.handle },
        ...{ plan: instances.plan, account: creditAccounts },
      })
      .from(top)
      .leftJoin(users, eq(users.id, top.userId))
      .leftJoin(instances, eq(instances.userId, users.id))
      .leftJoin(creditAccounts, eq(creditAccounts.userId, users.id))
      .orderBy(desc(top.cost), top.userId)
  }

  return {
    statements: { daily, byPerson },

    async daily(since: Date) {
      const rows = await daily(since)
      return rows.map((row) => ({
        ...{ day: row.day, model: row.model, calls: Number(row.calls), tokens: Number(row.tokens) },
        ...{ cost: nano(row.cost), estimatedCost: nano(row.estimatedCost) },
        estimatedCalls: Number(row.estimatedCalls),
      }))
    },

    async byPerson(since: Date) {
      const rows = await byPerson(since)
      return rows.map(({ cost: spent, calls: count, plan, ...row }) => ({
        ...{ ...row, plan: plan ?? FIRST_PLAN, cost: nano(spent), calls: Number(count) },
      }))
    },

    async total(since: Date): Promise<bigint> {
      const rows = await db
        .select({ cost })
        .from(aiCalls)
        .where(and(gte(aiCalls.at, since), isPaid))
      return nano(rows[0]?.cost ?? null)
    },

    /** Of the first call since then; and whether there was any before. */
    async first(since: Date): Promise<{ at: Date | null; hasEarlier: boolean }> {
      const at = (isIt: ReturnType<typeof gte>) =>
        db.select({ at: aiCalls.at }).from(aiCalls).where(isIt).orderBy(aiCalls.at).limit(1)
      const [found, earlier] = await Promise.all([at(gte(aiCalls.at, since)), at(lt(aiCalls.at, since))])
      return { at: found[0]?.at ?? null, hasEarlier: earlier.length > 0 }
    },

    /** What calls in flight may cost at most. */
    async exposure(): Promise<{ amount: bigint; calls: number }> {
      const amount = sql<
        string | null
      >`sum(${creditHolds.amount}) filter (where ${creditHolds.payer} = 'platform')`
      const rows = await db.select({ amount, calls }).from(creditHolds)
      return { amount: nano(rows[0]?.amount ?? null), calls: Number(rows[0]?.calls ?? 0) }
    },
  }
}
