/** Calls that begin in one month and end in another: each belongs to the month in which it was written down. */
import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { aiCalls, creditAccounts, creditHolds } from '../../../db/schema/index.ts'
import { createRecovery } from '../recovery.ts'
import { recoverHolds } from '../sql/in-flight.ts'
import { settleHold } from '../sql/settle.ts'
import type { Subject } from './contract.ts'
import { type Person, stranger } from './people.ts'

const MONTH = sql`date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'`
const LAST_MONTH = sql`${MONTH} - interval '1 second'`

export function monthCases(subject: () => Subject) {
  const set = (userId: string, values: Record<string, unknown>) =>
    subject().database.db.update(creditAccounts).set(values).where(sql`user_id = ${userId}`)
  const moveHolds = (userId: string, at: SQL) =>
    subject()
      .database.db.update(creditHolds)
      .set({ createdAt: at, heartbeatAt: at })
      .where(sql`user_id = ${userId}`)
  const recover = ({ allowance }: Person) =>
    createRecovery(subject().database, { deadAfterMs: 60_000, allowanceOf: () => allowance }).recover()
  /** In the books of now: the rows of this month beside what the account says. */
  const thisMonth = async ({ userId }: Person) => {
    const rows = await subject()
      .database.db.select({ cost: aiCalls.cost })
      .from(aiCalls)
      .where(sql`user_id = ${userId} and payer = 'platform' and at >= ${MONTH}`)
    return rows.reduce((sum, { cost }) => sum + cost, 0n)
  }
  const budgetOf = ({ userId, allowance }: Person) => subject().ledger.budgetOf(userId, allowance)

  /** Two calls of last month: one of 900 that went, one of 400 that recovery charged; the account as it was then. */
  async function afterRecovery() {
    const { one } = subject()
    const person = stranger({ period: 'month' })
    const first = person.hold(900n)
    await one(first)
    await set(person.userId, { granted: 500n })
    const late = person.hold(400n)
    await one(late)
    await one(person.settle(first.id, 900n))
    await moveHolds(person.userId, sql`now() - interval '2 minutes'`)
    expect(await recover(person)).toEqual({ gone: 1, charged: 1 })
    await subject().database.db.update(aiCalls).set({ at: LAST_MONTH }).where(sql`user_id = ${person.userId}`)
    await set(person.userId, { periodStartsAt: LAST_MONTH })
    expect(await budgetOf(person)).toMatchObject({ spent: 0n, limit: 1_200n })
    return { person, late }
  }
  /** Begins this month in the account. */
  async function spendNow(person: Person, cost: bigint) {
    const { one } = subject()
    const hold = person.hold(cost)
    await one(hold)
    await one(person.settle(hold.id, cost))
  }

  describe('months', () => {
    it('count a call in the month in which it ends', async () => {
      const { one, callsOf } = subject()
      const ana = stranger({ period: 'month' })
      const hold = ana.hold(300n)
      await one(hold)
      await moveHolds(ana.userId, LAST_MONTH)
      await set(ana.userId, { spent: 700n, periodStartsAt: LAST_MONTH })
      expect(await one(ana.settle(hold.id, 200n))).toMatchObject({ budget: { spent: 200n, held: 0n } })
      expect(await callsOf(ana.userId)).toHaveLength(1)
      expect(await thisMonth(ana)).toBe(200n)
    })

    it('count what recovery charges in the month in which it does, with its warnings', async () => {
      const { one, accountOf, alertsOf } = subject()
      const ben = stranger({ period: 'month' })
      await one(ben.hold(900n))
      await moveHolds(ben.userId, LAST_MONTH)
      await set(ben.userId, { spent: 1_200n, granted: 500n, periodStartsAt: LAST_MONTH })
      await recover(ben)
      expect(await thisMonth(ben)).toBe(900n)
      expect(await accountOf(ben.userId)).toMatchObject({ spent: 900n, granted: 300n, alertRound: 1 })
      expect((await accountOf(ben.userId))?.periodEndsAt).toEqual((await budgetOf(ben)).periodEndsAt)
      expect(await alertsOf(ben.userId)).toEqual([])
      await one(ben.hold(200n))
      await moveHolds(ben.userId, LAST_MONTH)
      await recover(ben)
      expect(await alertsOf(ben.userId)).toEqual(['1:80'])
    })

    it('write a call down in the month that began while its transaction waited for the account', async () => {
      const { database, one, accountOf, callsOf } = subject()
      // What another transaction has left there meanwhile, as far as can be told by the call.
      const begin = (userId: string) => ({
        text: 'update credit_accounts set period_starts_at = clock_timestamp() where user_id = $1::text',
        params: [userId],
      })
      const [dan, eva] = [stranger({ period: 'month' }), stranger({ period: 'month' })]
      const settled = dan.hold(300n)
      for (const hold of [settled, eva.hold(400n)]) await one(hold)
      await database.batch([begin(dan.userId), settleHold(dan.settle(settled.id, 200n))])
      await moveHolds(eva.userId, sql`now() - interval '2 minutes'`)
      await database.batch([begin(eva.userId), recoverHolds(eva.userId, eva.allowance, 60_000)])
      for (const { userId } of [dan, eva]) {
        const began = (await accountOf(userId))?.periodStartsAt ?? new Date()
        expect((await callsOf(userId)).map(({ at }) => at >= began)).toEqual([true])
      }
      const [call] = await callsOf(eva.userId)
      if (!call) throw new Error('Recovery wrote nothing down.')
      await one(eva.settle(call.id, 150n))
      expect(await accountOf(eva.userId)).toMatchObject({ spent: 150n, granted: 0n })
    })

    it('take no more of what was granted than there is when a call turns out dearer', async () => {
      const { one, accountOf } = subject()
      const { person, late } = await afterRecovery()
      await spendNow(person, 50n)
      await one(person.settle(late.id, 2_000n))
      expect(await accountOf(person.userId)).toMatchObject({ spent: 50n, granted: 0n })
    })

    for (const hasBegun of [false, true]) {
      const state = hasBegun ? 'begun' : 'not begun yet'

      it(`correct the last one's calls there, this one ${state}, and give back what was granted`, async () => {
        const { one, accountOf, callsOf } = subject()
        const { person, late } = await afterRecovery()
        if (hasBegun) await spendNow(person, 50n)
        const spent = hasBegun ? 50n : 0n
        const settle = person.settle(late.id, 150n)
        expect(await one(settle)).toMatchObject({ budget: { spent, limit: 1_450n } })
        expect(await one(settle)).toMatchObject({ budget: { spent, limit: 1_450n } })
        const account = await accountOf(person.userId)
        expect(account).toMatchObject({ spent, granted: 450n, held: 0n, live: 0, alertRound: 1 })
        expect(await thisMonth(person)).toBe(spent)
        const corrected = (await callsOf(person.userId)).find(({ id }) => id === late.id)
        expect(corrected).toMatchObject({ status: 'settled', cost: 150n })
      })

      it(`take back the last one's charges there, this one ${state}`, async () => {
        const { one, accountOf, callsOf } = subject()
        const { person, late } = await afterRecovery()
        if (hasBegun) await spendNow(person, 50n)
        await one(person.release(late.id))
        await one(person.release(late.id))
        // 900 of 1,000 were spent without it: nothing of what was granted.
        expect(await budgetOf(person)).toMatchObject({ spent: hasBegun ? 50n : 0n, limit: 1_500n })
        await spendNow(person, 1n)
        const spent = hasBegun ? 51n : 1n
        expect(await accountOf(person.userId)).toMatchObject({ spent, granted: 500n, held: 0n, live: 0 })
        expect(await thisMonth(person)).toBe(spent)
        expect((await callsOf(person.userId)).some(({ id }) => id === late.id)).toBe(false)
      })
    }
  })
}
