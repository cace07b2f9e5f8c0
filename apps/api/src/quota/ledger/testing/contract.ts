/** What the proxy relies on in a ledger, run against each. `database`: what stands behind it. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { aiCalls, creditAccounts, creditAlerts, creditHolds } from '../../../db/schema/index.ts'
import type { Ledger, LedgerAnswer, LedgerOperation } from '../../../ports/ledger.ts'
import { holdCases } from './hold-cases.ts'
import { lookUpCases } from './look-up-cases.ts'
import { monthCases } from './month-cases.ts'
import { settleCases } from './settle-cases.ts'

export interface OpenLedger {
  ledger: Ledger
  database: Database
  close: () => Promise<void>
}

export interface Subject extends Pick<OpenLedger, 'ledger' | 'database'> {
  one: <O extends LedgerOperation>(operation: O) => Promise<LedgerAnswer<O>>
  accountOf: (userId: string) => Promise<typeof creditAccounts.$inferSelect | undefined>
  holdsOf: (userId: string) => Promise<(typeof creditHolds.$inferSelect)[]>
  callsOf: (userId: string) => Promise<(typeof aiCalls.$inferSelect)[]>
  alertsOf: (userId: string) => Promise<string[]>
}

export function subjectOf({ ledger, database }: Pick<OpenLedger, 'ledger' | 'database'>): Subject {
  const { db } = database
  return {
    ledger,
    database,
    one: async <O extends LedgerOperation>(operation: O) => {
      const [answer] = await ledger.apply([operation])
      return answer as LedgerAnswer<O>
    },
    accountOf: async (userId) => (await db.select().from(creditAccounts).where(sql`user_id = ${userId}`))[0],
    holdsOf: (userId) =>
      db.select().from(creditHolds).where(sql`user_id = ${userId}`).orderBy(creditHolds.id),
    callsOf: (userId) => db.select().from(aiCalls).where(sql`user_id = ${userId}`).orderBy(aiCalls.id),
    alertsOf: async (userId) => {
      const rows = await db.select().from(creditAlerts).where(sql`user_id = ${userId}`)
      return rows.map(({ round, threshold }) => `${round}:${threshold}`).toSorted()
    },
  }
}

/** `held` and `live` of every account are the sums of its holds. */
export async function sumsDiffer({ db }: Pick<Database, 'db'>): Promise<string[]> {
  const rows = await db
    .select({ userId: creditAccounts.userId })
    .from(creditAccounts)
    .leftJoin(creditHolds, eq(creditHolds.userId, creditAccounts.userId))
    .groupBy(creditAccounts.userId)
    .having(sql`${creditAccounts.held} <> coalesce(sum(${creditHolds.amount}), 0)
      or ${creditAccounts.live} <> count(${creditHolds.id}) filter (where not ${creditHolds.isDraining})`)
  return rows.map(({ userId }) => userId)
}

export function ledgerContract(open: () => Promise<OpenLedger>) {
  describe('ledger contract', () => {
    let opened: OpenLedger
    let subject: Subject
    beforeAll(async () => {
      opened = await open()
      subject = subjectOf(opened)
    }, 180_000)
    afterAll(() => opened.close())
    holdCases(() => subject)
    settleCases(() => subject)
    monthCases(() => subject)
    lookUpCases(() => subject)
    it('keeps every sum', async () => {
      expect(await sumsDiffer(subject.database)).toEqual([])
    })
  })
}
