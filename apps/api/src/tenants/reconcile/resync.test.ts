import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import type { Runtime, RuntimeInstance } from '../../ports/runtime.ts'
import { createInstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createResync } from './resync.ts'

const log = pino({ level: 'silent' })
const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' } as const
const seen = {
  id,
  generation: 1,
  handle: 'newborn',
  status: 'running',
  address,
  exitCode: null,
} as RuntimeInstance

/** One running instance, and a table that another api process writes to without this one being told. */
async function setUp() {
  const table: InstanceRow[] = []
  const stopped: string[] = []
  let onList = () => {}
  const store = { all: async () => [...table], byId: async () => table[0] ?? null } as unknown as TenantStore
  const cache = await createInstanceCache({
    log,
    store,
    notifications: silentNotifications,
  })
  const runtime = {
    list: async () => {
      onList()
      return [seen]
    },
    inspect: async () => seen,
    stop: async (which: string) => void stopped.push(which),
  } as unknown as Runtime
  const reconciler = { enqueue: () => {} }
  const resync = createResync({
    store,
    cache,
    runtime,
    reconciler,
    lastUsedAt: () => 0,
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
    clock: systemClock,
    log,
  })
  return {
    resync,
    stopped,
    addWhileListing: () => {
      onList = () => table.push({ id, handle: 'newborn', version: 1 } as InstanceRow)
    },
  }
}

it('stops what belongs to no account', async () => {
  const { resync, stopped } = await setUp()
  await resync.all()
  expect(stopped).toEqual([id])
})

it('leaves alone what another process has just added, of which no notification has come yet', async () => {
  const { resync, stopped, addWhileListing } = await setUp()
  addWhileListing()
  await resync.all()
  expect(stopped).toEqual([])
})
