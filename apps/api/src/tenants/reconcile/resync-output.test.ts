import { ERROR_DETAIL_LENGTH, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { createInstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createResync } from './resync.ts'
import type { Outcome } from './store.ts'

const log = pino({ level: 'silent' })
const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null }

it('cleans and bounds the output of what keeps crashing before it is kept', async () => {
  const running = { id, handle: 'crasher', version: 1, desired: 'awake', observed: 'running', address }
  const row = { ...running, failures: 1, lastUsedAt: new Date(), observedAt: new Date() } as InstanceRow
  const kept: Partial<Outcome>[] = []
  const store = {
    all: async () => [row],
    observe: async (_row: InstanceRow, seen: Partial<Outcome>) => {
      kept.push(seen)
      return { ...row, ...seen, version: 2 }
    },
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  const runtime = {
    inspect: async () => ({ id, handle: 'crasher', status: 'stopped', address: null, exitCode: 3 }),
    logs: async () => `${'x'.repeat(900_000)}\nlast\u0000 \u001b[31mwords`,
  } as unknown as Runtime
  const options = {
    store,
    cache,
    runtime,
    reconciler: { enqueue: () => {} },
    clock: systemClock,
    log,
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
  }
  await createResync({ ...options, lastUsedAt: () => Date.now() }).one(id)
  const detail = kept[0]?.error?.detail ?? ''
  expect(detail.endsWith('…\nlast words')).toBe(true)
  expect(detail.length).toBeLessThanOrEqual(ERROR_DETAIL_LENGTH)
})
