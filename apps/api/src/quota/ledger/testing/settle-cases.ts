import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { creditAccounts, creditHolds } from '../../../db/schema/index.ts'
import type { HoldRequest } from '../../../ports/ledger.ts'
import { createRecovery } from '../recovery.ts'
import type { Subject } from './contract.ts'
import { ALLOWANCE, newCall, progress, stranger } from './people.ts'

export function settleCases(subject: () => Subject) {
  const silence = (id: string) =>
    subject()
      .database.db.update(creditHolds)
      .set({ heartbeatAt: sql`now() - interval '2 minutes'` })
      .where(sql`id = ${id}`)
  const recover = () =>
    createRecovery(subject().database, { deadAfterMs: 60_000, allowanceOf: () => ALLOWANCE }).recover()

  describe('calls that are over', () => {
    it('are charged once, however often they are settled, and written as they were', async () => {
      const { one, callsOf, holdsOf } = subject()
      const ana = stranger()
      const { id, ...hold } = ana.hold(500n)
      await one({ id, ...hold })
      const usage = { input: 1, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5, webSearches: 6 }
      const settle = ana.settle(id, 123n, { usage, model: 'served' })
      const answer = { kind: 'settled', budget: { limit: 1_000n, spent: 123n, held: 0n, periodEndsAt: null } }
      expect(await one(settle)).toEqual(answer)
      expect(await one(settle)).toEqual(answer)
      expect(await one(ana.release(id))).toEqual({ kind: 'done' })
      expect(await one(ana.settle(id, 999n))).toEqual(answer)
      expect(await holdsOf(ana.userId)).toEqual([])
      expect(await callsOf(ana.userId)).toMatchObject([
        {
          ...{ id, instanceId: ana.instanceId, provider: 'anthropic', model: 'served', payer: 'platform' },
          ...{ status: 'settled', inputTokens: 1, cacheWrite5mTokens: 2, cacheWrite1hTokens: 3 },
          ...{ cacheReadTokens: 4, outputTokens: 5, webSearches: 6, cost: 123n, httpStatus: 200 },
          ...{ durationMs: 1_200, firstTokenMs: 300, providerRequestId: 'req_1' },
        },
      ])
    })

    it('are charged whatever became of their hold, and for people without an account', async () => {
      const { one, callsOf, accountOf } = subject()
      const ben = stranger()
      expect(await one(ben.settle(newCall(), 10n))).toMatchObject({ budget: { limit: 1_000n, spent: 0n } })
      expect(await callsOf(ben.userId)).toHaveLength(1)
      await one(ben.hold(1n))
      await one(ben.settle(newCall(), 10n))
      expect(await accountOf(ben.userId)).toMatchObject({ spent: 10n, held: 1n, live: 1 })
    })

    it('are not charged when nothing was served', async () => {
      const { one, callsOf, accountOf } = subject()
      const eve = stranger()
      const hold = eve.hold(500n)
      await one(hold)
      expect(await one(eve.release(hold.id))).toEqual({ kind: 'done' })
      expect(await one(eve.release(hold.id))).toEqual({ kind: 'done' })
      expect(await accountOf(eve.userId)).toMatchObject({ spent: 0n, held: 0n, live: 0 })
      expect(await callsOf(eve.userId)).toEqual([])
    })

    it('tell of 80 % and 100 % once a round', async () => {
      const { one, alertsOf, database } = subject()
      const kim = stranger()
      const spend = async (cost: bigint) => {
        const hold = kim.hold(cost)
        await one(hold)
        await one(kim.settle(hold.id, cost))
      }
      await spend(799n)
      expect(await alertsOf(kim.userId)).toEqual([])
      await spend(1n)
      await spend(1n)
      expect(await alertsOf(kim.userId)).toEqual(['0:80'])
      await spend(199n)
      expect(await alertsOf(kim.userId)).toEqual(['0:100', '0:80'])
      await database.db
        .update(creditAccounts)
        .set({ granted: 100n, alertRound: 1 })
        .where(sql`user_id = ${kim.userId}`)
      await spend(1n)
      expect(await alertsOf(kim.userId)).toEqual(['0:100', '0:80', '1:80'])
    })

    it('tell of 100 % alone when one call reaches both', async () => {
      const { one, alertsOf } = subject()
      const ned = stranger()
      const whole = ned.hold(1_000n)
      await one(whole)
      await one(ned.settle(whole.id, 1_000n))
      expect(await alertsOf(ned.userId)).toEqual(['0:100'])
    })

    it('tell of 100 % when what is left pays for no call, with none in flight', async () => {
      const { one, alertsOf } = subject()
      const lea = stranger()
      const hold = lea.hold(900n)
      await one(hold)
      await one(lea.hold(200n))
      expect(await alertsOf(lea.userId)).toEqual([])
      await one(lea.settle(hold.id, 700n))
      const asked = lea.hold(0n, { state: 'reserved' })
      await one(asked)
      await one(lea.dispatch(asked.id, 400n))
      await one(lea.dispatch(asked.id, 400n))
      expect(await alertsOf(lea.userId)).toEqual(['0:100'])
    })

    it('tell of nothing when a call does not fit as it is, and may yet do so cut down', async () => {
      const { one, alertsOf } = subject()
      const ned = stranger()
      expect(await one(ned.hold(2_000n))).toMatchObject({ kind: 'refused', reason: 'credits' })
      const asked = ned.hold(0n, { state: 'reserved' })
      await one(asked)
      expect(await one(ned.dispatch(asked.id, 2_000n, 700n))).toMatchObject({ kind: 'granted' })
      expect(await alertsOf(ned.userId)).toEqual([])
    })

    it('that their proxy left are charged in full and flagged, and others are released', async () => {
      const { one, callsOf, accountOf } = subject()
      const max = stranger()
      const [sent, kept, alive] = [max.hold(500n), max.hold(50n, { state: 'reserved' }), max.hold(5n)]
      for (const hold of [sent, kept, alive]) await one(hold)
      await silence(sent.id)
      await silence(kept.id)
      expect(await recover()).toEqual({ gone: 2, charged: 1 })
      expect(await recover()).toEqual({ gone: 0, charged: 0 })
      expect(await accountOf(max.userId)).toMatchObject({ spent: 500n, held: 5n, live: 1 })
      expect(await callsOf(max.userId)).toMatchObject([{ id: sent.id, status: 'estimated', cost: 500n }])
    })

    it('that their proxy left tell of 80 % and 100 % as others do, but not those on an own key', async () => {
      const { one, alertsOf } = subject()
      const leave = async (hold: HoldRequest) => {
        await one(hold)
        await silence(hold.id)
        expect(await recover()).toEqual({ gone: 1, charged: 1 })
      }
      const [kim, own] = [stranger(), stranger()]
      await leave(kim.hold(799n))
      expect(await alertsOf(kim.userId)).toEqual([])
      await leave(kim.hold(1n))
      expect(await alertsOf(kim.userId)).toEqual(['0:80'])
      await leave(kim.hold(200n))
      expect(await alertsOf(kim.userId)).toEqual(['0:100', '0:80'])
      await one(own.hold(900n))
      await subject()
        .database.db.update(creditAccounts)
        .set({ spent: 900n, held: 0n, live: 0 })
        .where(sql`user_id = ${own.userId}`)
      await subject().database.db.delete(creditHolds).where(sql`user_id = ${own.userId}`)
      await leave(own.hold(0n, { payer: 'own' }))
      expect(await alertsOf(own.userId)).toEqual([])
    })

    it('correct what was estimated when their figures come late', async () => {
      const { one, callsOf, accountOf } = subject()
      const pia = stranger()
      const [served, failed, own] = [pia.hold(500n), pia.hold(100n), pia.hold(0n, { payer: 'own' })]
      for (const hold of [served, failed, own]) await one(hold)
      await one(progress('proxy-1', { id: own.id, costSoFar: 7n }))
      for (const { id } of [served, failed, own]) await silence(id)
      await one(pia.drain(served.id))
      expect(await recover()).toEqual({ gone: 3, charged: 3 })
      expect(await accountOf(pia.userId)).toMatchObject({ spent: 600n, held: 0n, live: 0 })
      expect((await callsOf(pia.userId)).map(({ cost }) => cost).toSorted()).toEqual([100n, 500n, 7n])
      const settle = pia.settle(served.id, 120n)
      expect(await one(settle)).toMatchObject({ budget: { spent: 220n, held: 0n } })
      expect(await one(settle)).toMatchObject({ budget: { spent: 220n } })
      await one(pia.release(failed.id))
      await one(pia.release(failed.id))
      await one(pia.settle(own.id, 9n, { payer: 'own' }))
      expect(await accountOf(pia.userId)).toMatchObject({ spent: 120n, held: 0n, live: 0 })
      expect((await callsOf(pia.userId)).map(({ id, status, cost }) => [id, status, cost])).toEqual(
        [
          [served.id, 'settled', 120n],
          [own.id, 'settled', 9n],
        ].toSorted(),
      )
    })

    it('are left alone while their proxy is heard of, with what they have cost so far', async () => {
      const { one, holdsOf } = subject()
      const roy = stranger()
      const [mine, other] = [roy.hold(10n, { proxyId: 'alive' }), roy.hold(10n, { proxyId: 'gone' })]
      await one(mine)
      await one(other)
      await silence(mine.id)
      await silence(other.id)
      await one(progress('alive', { id: mine.id, costSoFar: 4n }, { id: other.id, costSoFar: 9n }))
      await one(progress('alive'))
      expect(await recover()).toEqual({ gone: 1, charged: 1 })
      expect(await holdsOf(roy.userId)).toMatchObject([{ id: mine.id, costSoFar: 4n }])
    })
  })
}
