/** Times in a row were set by another clock than this process's, which may be behind it by any amount. */
import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createLanes } from './lanes.ts'
import { createReconciler, type ReconcilerOptions } from './reconciler.ts'

const BEHIND_MS = 3_600_000
const id = newId('ins', systemClock)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** One sleeping instance that is wanted awake; answers with when it was acted on, in ms from now. */
function setUp(seen: Partial<InstanceRow>) {
  const start = Date.now()
  const acted: number[] = []
  const row = { id, version: 1, desired: 'awake', observed: 'failed', failures: 1, ...seen } as InstanceRow
  const cache = {
    get: () => row,
    onChange: () => () => {},
    publish: () => null,
    reloadOne: async () => {},
    all: () => [row],
  }
  const store = { begin: async () => void acted.push(Date.now() - start) }
  const options = {
    store: store as unknown as TenantStore,
    cache: cache as unknown as InstanceCache,
    lanes: createLanes(1),
    admission: { admit: async () => true },
    line: { isItsTurn: () => true },
    lastUsedAt: () => 0,
    processId: 'me',
    clock: { ...systemClock, now: () => Date.now() - BEHIND_MS, monotonic: () => Date.now() },
    log: pino({ level: 'silent' }),
  }
  const reconciler = createReconciler(options as unknown as ReconcilerOptions)
  return { acted, reconciler }
}

it('takes the lease of a dead process over once it has run out', async () => {
  const { acted, reconciler } = setUp({ leaseOwner: 'dead', leaseUntil: new Date(Date.now() + 4_000) })
  reconciler.enqueue(id)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(acted[0]).toBeGreaterThan(0)
  expect(acted[0]).toBeLessThan(5_000)
})

it('waits no longer for the next attempt than planned', async () => {
  const { acted, reconciler } = setUp({ nextAttemptAt: new Date(Date.now() + 1_000) })
  reconciler.enqueue(id)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(acted[0]).toBeGreaterThan(0)
  expect(acted[0]).toBeLessThan(61_000)
})
