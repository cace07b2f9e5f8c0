import { expect, test } from 'vitest'
import type { LedgerOperation, ProgressRequest } from '../../ports/ledger.ts'
import { createLiveCalls } from './live-calls.ts'

function liveCalls() {
  const told: ProgressRequest['calls'][] = []
  let now = 0
  let isAway = false
  const run = async (operation: LedgerOperation) => {
    if (isAway) throw new Error('away')
    if (operation.kind === 'progress') told.push(operation.calls)
    return { kind: 'done' } as never
  }
  const live = createLiveCalls({ books: { run }, proxyId: 'p', monotonic: () => now })
  return {
    ...{ live, told },
    pass: (ms: number) => {
      now += ms
    },
    away: (away: boolean) => {
      isAway = away
    },
  }
}

test('reports what changed, and everything in time to count as alive', async () => {
  const { live, told, pass } = liveCalls()
  let cost = 0n
  live.add({ id: 'aic_1', costSoFar: () => cost })
  live.add({ id: 'aic_2', costSoFar: () => 0n })
  await live.report()
  expect(told).toEqual([])
  cost = 5n
  await live.report()
  await live.report()
  expect(told).toEqual([[{ id: 'aic_1', costSoFar: 5n }]])
  pass(15_000)
  await live.report()
  expect(told[1]).toEqual([
    { id: 'aic_1', costSoFar: 5n },
    { id: 'aic_2', costSoFar: 0n },
  ])
  live.delete('aic_1')
  live.delete('aic_2')
  pass(15_000)
  await live.report()
  expect(told).toHaveLength(2)
})

test('reports again what the books did not take', async () => {
  const { live, told, pass, away } = liveCalls()
  live.add({ id: 'aic_1', costSoFar: () => 5n })
  pass(15_000)
  away(true)
  await expect(live.report()).rejects.toThrow('away')
  away(false)
  await live.report()
  expect(told).toEqual([[{ id: 'aic_1', costSoFar: 5n }]])
})
