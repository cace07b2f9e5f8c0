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
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' } as const

it('reads a row again that another process changed without this one being told', async () => {
  const running = { id, handle: 'moved', version: 1, desired: 'awake', observed: 'running', address }
  let row = { ...running, lastUsedAt: new Date(), observedAt: new Date() } as InstanceRow
  const store = {
    all: async () => [row],
    byId: async () => row,
    observe: async () => null,
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  row = { ...row, version: 2, desired: 'asleep', observed: 'stopped', address: null }
  const inspect = async () => ({ id, handle: 'moved', status: 'stopped', address: null, exitCode: 0 })
  const runtime = { inspect, logs: async () => '' } as unknown as Runtime
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
  expect(cache.get(id)).toMatchObject({ version: 2, observed: 'stopped' })
})
