import { expect, test } from 'vitest'
import type { LedgerOperation, ProgressRequest } from '../../ports/ledger.ts'
import { createLiveCalls } from './live-calls.ts'
import { SSE, start, text } from './testing/fake-provider.ts'
import { rawCall } from './testing/raw-client.ts'
import { startTestProxy } from './testing/test-proxy.ts'

function liveCalls() {
  const told: ProgressRequest['calls'][] = []
  let now = 0
  let isAway = false
  const run = async (operation: LedgerOperation) => {
    if (isAway) throw new Error('away')
    if (operation.kind === 'progress') told.push(operation.calls)
    return { kind: 'done' } as never
  }
  const live = createLiveCalls({ books: { run }, proxyId: 'p', heartbeatMs: 15_000, monotonic: () => now })
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

test('shows what a stream may have cost by what it has sent, and never more than is held', async () => {
  await using proxy = await startTestProxy()
  const { promise, resolve } = Promise.withResolvers<void>()
  proxy.provider.answer(async (response) => {
    response.writeHead(200, SSE)
    response.write(start() + text('x'.repeat(160)))
    await promise
    response.write(text('x'.repeat(10_000)))
  })
  const call = await rawCall(proxy.url)
  const shown = () =>
    proxy.ledger.operations
      .flatMap((operation) => (operation.kind === 'progress' ? operation.calls : []))
      .at(-1)?.costSoFar ?? 0n
  // 100 tokens of input, and some 40 of output.
  await expect.poll(shown, { timeout: 5_000 }).toBeGreaterThan(250_000n)
  expect(shown()).toBeLessThan(350_000n)
  resolve()
  const [hold] = proxy.ledger.holds.values()
  await expect.poll(shown, { timeout: 5_000 }).toBe(hold?.amount)
  call.leave()
})
