import type { CreditsView, UserId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLog } from '../../log.ts'
import { createCreditFeed } from './feed.ts'

const ADA: UserId = 'usr_ada'
const BEA: UserId = 'usr_bea'
const IDLE: CreditsView = {
  ...{ limit: '5.00', spent: '0.00', held: '0.00', remaining: '5.00', granted: '0.00' },
  ...{ period: 'once', periodEndsAt: null, callsAtOnce: 5, callsPerMinute: 60, calls: [] },
  ...{ alert: null, request: null, ownKeys: [], alertAddress: null, canMail: false },
  upstreams: { anthropic: 'none', openai: 'none' },
}
const call = { id: 'aic_1' as const, model: 'm', startedAt: '', costSoFar: '0.00', held: '1.00' }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  let hint: (userId: UserId | null) => void = () => {}
  const state = { view: IDLE, reads: 0, fails: false }
  const feed = createCreditFeed({
    read: async () => {
      state.reads++
      if (state.fails) throw new Error('away')
      return state.view
    },
    changes: {
      onChange: (listener) => {
        hint = listener
        return () => {}
      },
    },
    log: createLog({ level: 'silent', part: 'test' }),
  })
  const seen: string[] = []
  const watch = (signal: AbortSignal) =>
    (async () => {
      for await (const { view } of feed.watch(ADA, signal)) seen.push(view.spent)
    })()
  return { state, feed, seen, watch, hint: (userId: UserId | null) => hint(userId) }
}

it('shows the view now, and again when a hint finds another', async () => {
  const { state, seen, watch, hint } = setUp()
  const over = new AbortController()
  const watching = watch(over.signal)
  await vi.advanceTimersByTimeAsync(10_000)
  expect([seen, state.reads]).toEqual([['0.00'], 1])
  state.view = { ...IDLE, spent: '1.00' }
  hint(BEA)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(seen).toEqual(['0.00'])
  hint(ADA)
  await vi.advanceTimersByTimeAsync(1_000)
  hint(null)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([seen, state.reads]).toEqual([['0.00', '1.00'], 3])
  over.abort()
  await watching
})

it('misses no hint that comes while it reads, and reads a flood of them rarely', async () => {
  const { state, seen, watch, hint } = setUp()
  const over = new AbortController()
  const watching = watch(over.signal)
  await vi.advanceTimersByTimeAsync(0)
  for (let sent = 1; sent <= 100; sent++) {
    state.view = { ...IDLE, spent: `${sent}.00` }
    hint(ADA)
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.advanceTimersByTimeAsync(1_000)
  expect(seen.at(-1)).toBe('100.00')
  expect(state.reads).toBeLessThan(10)
  over.abort()
  await watching
})

it('looks every second while calls are in flight, once for all who watch, and no longer than they do', async () => {
  const { state, watch } = setUp()
  state.view = { ...IDLE, calls: [call] }
  const over = new AbortController()
  const watching = [watch(over.signal), watch(over.signal)]
  await vi.advanceTimersByTimeAsync(12_000)
  expect(state.reads).toBeGreaterThanOrEqual(10)
  expect(state.reads).toBeLessThan(13)
  over.abort()
  await Promise.all(watching)
  const { reads } = state
  await vi.advanceTimersByTimeAsync(12_000)
  expect(state.reads).toBe(reads)
})

it('goes on once the database is there again', async () => {
  const { state, seen, watch } = setUp()
  state.fails = true
  const over = new AbortController()
  const watching = watch(over.signal)
  await vi.advanceTimersByTimeAsync(3_000)
  state.fails = false
  await vi.advanceTimersByTimeAsync(2_000)
  expect(seen).toEqual(['0.00'])
  over.abort()
  await watching
})
