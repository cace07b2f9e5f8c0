import type { UserId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Ledger, LedgerOperation } from '../../ports/ledger.ts'
import { announcing } from './announcing.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const release = (userId: UserId): LedgerOperation => ({ kind: 'release', id: 'aic_1', userId })

function setUp() {
  const told: UserId[] = []
  const state = { fails: false }
  const ledger: Ledger = {
    apply: async (operations) => {
      if (state.fails) throw new Error('unknown')
      return operations.map(() => ({ kind: 'done' }))
    },
    callerOf: async () => null,
    budgetOf: () => Promise.reject(new Error('not asked')),
    editedPrices: async () => [],
  }
  return { ledger: announcing(ledger, (userId) => told.push(userId)), told, state }
}

it('tells of many calls once, and of the next ones again', async () => {
  const { ledger, told } = setUp()
  for (let call = 0; call < 10; call++) await ledger.apply([release('usr_ada'), release('usr_bea')])
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['usr_ada', 'usr_bea'])
  await ledger.apply([release('usr_ada')])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['usr_ada', 'usr_bea', 'usr_ada'])
})

it('tells of nothing that was not written, and of no progress', async () => {
  const { ledger, told, state } = setUp()
  expect(await ledger.apply([{ kind: 'progress', proxyId: 'p', calls: [] }])).toEqual([{ kind: 'done' }])
  state.fails = true
  await expect(ledger.apply([release('usr_ada')])).rejects.toThrow('unknown')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual([])
})
