import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { creditAccounts } from '../../../db/schema/index.ts'
import type { Subject } from './contract.ts'
import { newCall, progress, stranger } from './people.ts'

export function holdCases(subject: () => Subject) {
  const set = (userId: string, values: Record<string, unknown>) =>
    subject().database.db.update(creditAccounts).set(values).where(sql`user_id = ${userId}`)

  describe('holds', () => {
    it('grants what fits, up to the last nano-dollar, and says what is set aside', async () => {
      const { one, holdsOf } = subject()
      const ana = stranger()
      const answer = await one(ana.hold(400n))
      const budget = { limit: 1_000n, spent: 0n, held: 400n, periodEndsAt: null }
      expect(answer).toEqual({ kind: 'granted', amount: 400n, budget })
      expect(await one(ana.hold(601n))).toEqual({ kind: 'refused', reason: 'credits', budget })
      expect(await one(ana.hold(600n))).toMatchObject({ kind: 'granted', budget: { held: 1_000n } })
      expect(await one(ana.hold(1n))).toMatchObject({ reason: 'credits' })
      expect((await holdsOf(ana.userId)).map(({ amount, state }) => [amount, state])).toEqual([
        [400n, 'dispatched'],
        [600n, 'dispatched'],
      ])
    })

    it('gives a call that is alone what there is, if that is enough for it', async () => {
      const { one, holdsOf } = subject()
      const ben = stranger()
      const alone = ben.hold(5_000n, { least: 900n })
      expect(await one(alone)).toMatchObject({ kind: 'granted', amount: 1_000n, budget: { held: 1_000n } })
      expect((await holdsOf(ben.userId))[0]?.amount).toBe(1_000n)
      await one(ben.settle(alone.id, 200n))
      expect(await one(ben.hold(5_000n, { least: 801n }))).toMatchObject({ reason: 'credits' })
      const small = ben.hold(10n)
      expect(await one(small)).toMatchObject({ amount: 10n })
      expect(await one(ben.hold(5_000n, { least: 1n }))).toMatchObject({ reason: 'credits' })
      await one(ben.drain(small.id))
      expect(await one(ben.hold(5_000n, { least: 1n }))).toMatchObject({ reason: 'credits' })
    })

    it('answers a repeated hold as before, and none for a call that is over', async () => {
      const { one, holdsOf } = subject()
      const eve = stranger()
      const hold = eve.hold(100n)
      const first = await one(hold)
      expect(await one(hold)).toEqual(first)
      expect(await holdsOf(eve.userId)).toHaveLength(1)
      await one(eve.settle(hold.id, 40n))
      expect(await one(hold)).toMatchObject({
        kind: 'refused',
        reason: 'gone',
        budget: { held: 0n, spent: 40n },
      })
    })

    it('knows slots of the plan and of the person, and frees them', async () => {
      const { one } = subject()
      const kim = stranger({ callsAtOnce: 2 })
      const [first, second] = [kim.hold(1n), kim.hold(1n)]
      await one(first)
      await one(second)
      expect(await one(kim.hold(1n))).toMatchObject({ reason: 'slots', budget: { held: 2n } })
      await one(kim.release(first.id))
      expect(await one(kim.hold(1n))).toMatchObject({ kind: 'granted' })
      await set(kim.userId, { callsAtOnce: 3 })
      expect(await one(kim.hold(1n))).toMatchObject({ kind: 'granted' })
      expect(await one(kim.hold(1n))).toMatchObject({ reason: 'slots' })
    })

    it('counts the calls of a minute, and says when the next may come', async () => {
      const { one } = subject()
      const lea = stranger({ callsPerMinute: 2, callsAtOnce: 100 })
      await one(lea.hold(1n))
      await one(lea.hold(1n))
      const refused = await one(lea.hold(1n))
      expect(refused).toMatchObject({ reason: 'rate' })
      const waitS = 'retryAfterS' in refused ? refused.retryAfterS : 0
      expect(waitS > 0 && waitS <= 60).toBe(true)
      await set(lea.userId, { minuteStartsAt: sql`now() - interval '61 seconds'` })
      expect(await one(lea.hold(1n))).toMatchObject({ kind: 'granted' })
      // The clock was set back.
      await set(lea.userId, { minuteStartsAt: sql`now() + interval '1 hour'`, minuteCalls: 2 })
      expect(await one(lea.hold(1n))).toMatchObject({ kind: 'granted' })
    })

    it('asks of an own key slots and rate alone', async () => {
      const { one, accountOf } = subject()
      const max = stranger({ credits: 0n, callsAtOnce: 1 })
      const own = max.hold(0n, { payer: 'own' })
      expect(await one(own)).toMatchObject({ kind: 'granted', amount: 0n })
      expect(await one(max.hold(0n, { payer: 'own' }))).toMatchObject({ reason: 'slots' })
      await one(max.settle(own.id, 77n, { payer: 'own' }))
      expect(await accountOf(max.userId)).toMatchObject({ spent: 0n, held: 0n, live: 0 })
    })

    it("takes an administrator's limits before the plan's, and what was granted beyond", async () => {
      const { one } = subject()
      const pia = stranger()
      await one(pia.hold(1n))
      await set(pia.userId, { credits: 2_000n, granted: 500n, callsPerMinute: 2 })
      expect(await one(pia.hold(2_499n))).toMatchObject({ kind: 'granted', budget: { limit: 2_500n } })
      expect(await one(pia.hold(0n))).toMatchObject({ reason: 'rate' })
    })

    it('begins a new month, and takes what went beyond the plan from what was granted', async () => {
      const { one, accountOf, ledger } = subject()
      const roy = stranger({ period: 'month' })
      await one(roy.hold(1n))
      const lastMonth = sql`date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second'`
      await set(roy.userId, { spent: 1_200n, granted: 500n, periodStartsAt: lastMonth })
      const ends = new Date()
      const next = new Date(Date.UTC(ends.getUTCFullYear(), ends.getUTCMonth() + 1))
      const budget = { limit: 1_300n, spent: 0n, held: 1n, periodEndsAt: next }
      expect(await ledger.budgetOf(roy.userId, roy.allowance)).toEqual(budget)
      expect(await one(roy.hold(1_300n))).toEqual({ kind: 'refused', reason: 'credits', budget })
      expect(await one(roy.hold(1_299n))).toEqual({
        kind: 'granted',
        amount: 1_299n,
        budget: { ...budget, held: 1_300n },
      })
      expect(await accountOf(roy.userId)).toMatchObject({
        spent: 0n,
        granted: 300n,
        alertRound: 1,
        periodEndsAt: next,
      })
      expect(await one(roy.hold(0n))).toMatchObject({ budget: { limit: 1_300n } })
      expect(await accountOf(roy.userId)).toMatchObject({ granted: 300n, alertRound: 1 })
    })

    it('sends a reserved call with its amount, once it is known', async () => {
      const { one, holdsOf, accountOf } = subject()
      const sam = stranger()
      const { id } = sam.hold(0n)
      await one(sam.hold(10n, { id, state: 'reserved' }))
      expect(await one(sam.dispatch(id, 2_000n))).toMatchObject({ reason: 'credits', budget: { held: 10n } })
      expect(await one(sam.dispatch(id, 2_000n, 700n))).toMatchObject({
        amount: 1_000n,
        budget: { held: 1_000n },
      })
      expect(await one(sam.dispatch(id, 2_000n, 700n))).toMatchObject({ kind: 'granted', amount: 1_000n })
      expect(await holdsOf(sam.userId)).toMatchObject([{ state: 'dispatched', amount: 1_000n }])
      expect(await accountOf(sam.userId)).toMatchObject({ held: 1_000n, live: 1 })
      expect(await one(sam.dispatch(newCall(), 1n))).toMatchObject({ kind: 'refused', reason: 'gone' })
      await one(sam.settle(id, 999n))
      const [big, other] = [sam.hold(0n, { state: 'reserved' }), sam.hold(0n)]
      await one(big)
      await one(other)
      expect(await one(sam.dispatch(big.id, 5n, 1n))).toMatchObject({ reason: 'credits' })
      expect(await one(sam.dispatch(big.id, 1n))).toMatchObject({ kind: 'granted', amount: 1n })
    })

    it('frees the slot of a drain, keeps what it holds, and drains so many at most', async () => {
      const { one, accountOf } = subject()
      const tom = stranger({ callsAtOnce: 2 })
      const [first, second] = [tom.hold(10n), tom.hold(10n)]
      await one(first)
      await one(second)
      expect(await one(tom.drain(first.id, 1))).toEqual({ kind: 'draining' })
      expect(await one(tom.drain(first.id, 1))).toEqual({ kind: 'draining' })
      expect(await one(tom.drain(second.id, 1))).toEqual({ kind: 'refused' })
      expect(await one(tom.drain(newCall(), 9))).toEqual({ kind: 'refused' })
      expect(await accountOf(tom.userId)).toMatchObject({ live: 1, held: 20n })
      await one(tom.settle(first.id, 3n))
      expect(await accountOf(tom.userId)).toMatchObject({ live: 1, held: 10n, spent: 3n })
    })

    it('answers a batch in its order, whoever it is about, each operation by what those before it left', async () => {
      const { ledger, accountOf } = subject()
      const [zoe, abe] = [stranger(), stranger()]
      const [first, second, third] = [zoe.hold(900n), abe.hold(1n), zoe.hold(900n)]
      const answers = await ledger.apply([
        ...[progress('proxy-1'), first, second, third],
        ...[zoe.settle(first.id, 50n), zoe.hold(900n), abe.release(second.id)],
      ])
      expect(answers.map((answer) => ('reason' in answer ? answer.reason : answer.kind))).toEqual([
        ...['done', 'granted', 'granted', 'credits', 'settled', 'granted', 'done'],
      ])
      expect(await accountOf(zoe.userId)).toMatchObject({ spent: 50n, held: 900n, live: 1, minuteCalls: 2 })
      expect(await accountOf(abe.userId)).toMatchObject({ held: 0n, live: 0 })
      expect(await ledger.apply([])).toEqual([])
    })
  })
}
