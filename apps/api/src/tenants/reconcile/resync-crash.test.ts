import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { createInstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createResync } from './resync.ts'

const log = pino({ level: 'silent' })
const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' as const }

/** Failures in a row, after an instance that had failed three times ran for `ranMs`, by rows whose clock is `aheadMs` ahead. */
async function failuresAfter({ ranMs, aheadMs }: { ranMs: number; aheadMs: number }) {
  let monotonic = 0
  const observedAt = () => new Date(Date.now() - monotonic + aheadMs)
  const base = { id, handle: 'crasher', desired: 'awake', failures: 3, lastUsedAt: new Date() }
  let row = {
    ...base,
    version: 1,
    observed: 'starting',
    address: null,
    observedAt: observedAt(),
  } as InstanceRow
  let failures: number | undefined
  const store = {
    all: async () => [row],
    byId: async () => row,
    observe: async (_: InstanceRow, seen: Partial<InstanceRow>) => {
      failures = seen.failures
      return null
    },
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  const inspect = async () => ({ id, handle: 'crasher', status: 'stopped', address: null, exitCode: 1 })
  const runtime = { inspect, logs: async () => '' } as unknown as Runtime
  const clock = { ...systemClock, monotonic: () => monotonic }
  const options = {
    store,
    cache,
    runtime,
    reconciler: { enqueue: () => {} },
    clock,
    log,
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
  }
  const resync = createResync({ ...options, lastUsedAt: () => Date.now() })
  row = {
    ...row,
    version: 2,
    observed: 'running',
    address,
    observedAt: new Date(Date.now() - ranMs + aheadMs),
  }
  cache.upsert(row)
  monotonic = ranMs
  await resync.one(id)
  return failures
}

it.each([0, -3_600_000, 3_600_000])(
  'counts a crash soon after the start, with a clock %d ms ahead',
  async (aheadMs) => {
    expect(await failuresAfter({ ranMs: 5_000, aheadMs })).toBe(4)
  },
)

it.each([0, -3_600_000, 3_600_000])(
  'begins to count anew after a long run, with a clock %d ms ahead',
  async (aheadMs) => {
    expect(await failuresAfter({ ranMs: 120_000, aheadMs })).toBe(1)
  },
)
