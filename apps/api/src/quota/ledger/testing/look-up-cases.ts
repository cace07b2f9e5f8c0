import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { instances, ownKeys, priceEdits, users } from '../../../db/schema/index.ts'
import { sha256 } from '../../../keys.ts'
import type { Subject } from './contract.ts'
import { signUp, stranger } from './people.ts'

const RATES = { input: '1', cacheWrite5m: '1.25', cacheWrite1h: '2', cacheRead: '0.10', output: '5' }
const PRICE = { rates: RATES, longPrompt: null, webSearchPer1000: '10', maxOutputTokens: 64_000 }

export function lookUpCases(subject: () => Subject) {
  describe('look-ups', () => {
    it("find a token's owner with own keys, and nobody who may not call", async () => {
      const { ledger, database } = subject()
      const { db } = database
      const { userId, instanceId } = await signUp(database, 'caller', 'token-1')
      const caller = { userId, instanceId, handle: 'caller', plan: 'standard', host: '10.1.0.9', ownKeys: {} }
      expect(await ledger.callerOf(sha256('token-1'))).toEqual(caller)
      expect(await ledger.callerOf(sha256('token-2'))).toBeNull()
      const sealed = { keyVersion: 3, iv: new Uint8Array([1, 2]), ciphertext: new Uint8Array([3, 255]) }
      await db
        .insert(ownKeys)
        .values({ userId, provider: 'openai', ...sealed, ending: 'abcd', createdAt: new Date() })
      expect(await ledger.callerOf(sha256('token-1'))).toEqual({ ...caller, ownKeys: { openai: sealed } })
      const change = async (set: Partial<typeof instances.$inferInsert>) => {
        await db.update(instances).set(set).where(eq(instances.id, instanceId))
        return (await ledger.callerOf(sha256('token-1')))?.host
      }
      expect(await change({ address: null })).toBeNull()
      expect(await change({ isSuspended: true })).toBeUndefined()
      expect(await change({ isSuspended: false })).toBeNull()
      expect(await change({ desired: 'deleted' })).toBeUndefined()
      expect(await change({ desired: 'asleep' })).toBeNull()
      await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, userId))
      expect(await ledger.callerOf(sha256('token-1'))).toBeNull()
    })

    it('tell the budget of somebody who never called', async () => {
      const { userId, allowance } = stranger({ credits: 5n })
      const budget = await subject().ledger.budgetOf(userId, allowance)
      expect(budget).toEqual({ limit: 5n, spent: 0n, held: 0n, periodEndsAt: null })
      const monthly = await subject().ledger.budgetOf(userId, { ...allowance, period: 'month' })
      expect(monthly.periodEndsAt?.toISOString()).toMatch(/-01T00:00:00\.000Z$/)
    })

    it('give the newest edit of each model and day', async () => {
      const { ledger, database } = subject()
      const edit = (model: string, day: string, price: unknown) => ({
        ...{ provider: 'anthropic' as const, model, effectiveFrom: new Date(day), price },
        ...{ editedBy: 'server' as const, at: new Date() },
      })
      await database.db
        .insert(priceEdits)
        .values([
          edit('one', '2026-01-01', PRICE),
          edit('one', '2026-01-01', { ...PRICE, longPrompt: { aboveTokens: 5, rates: RATES } }),
          edit('one', '2026-02-01', PRICE),
          edit('two', '2026-01-01', PRICE),
          edit('two', '2026-01-01', null),
        ])
      const rates = {
        ...{ input: 1_000_000_000n, cacheWrite5m: 1_250_000_000n, cacheWrite1h: 2_000_000_000n },
        ...{ cacheRead: 100_000_000n, output: 5_000_000_000n },
      }
      const price = {
        ...{ provider: 'anthropic', model: 'one', rates, maxOutputTokens: 64_000, source: 'admin' },
        webSearchPer1000: 10_000_000_000n,
      }
      expect(await ledger.editedPrices()).toEqual([
        { ...price, effectiveFrom: new Date('2026-01-01'), longPrompt: { aboveTokens: 5, rates } },
        { ...price, effectiveFrom: new Date('2026-02-01'), longPrompt: null },
      ])
    })
  })
}
