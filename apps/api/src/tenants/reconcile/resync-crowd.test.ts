import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import type { InstanceAddress, Runtime } from '../../ports/runtime.ts'
import { createInstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createResync } from './resync.ts'

const log = pino({ level: 'silent' })
const elsewhere: InstanceAddress = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' }

/** A row, and what the runtime shows of it. */
const pair = (handle: string, observed: string, address: InstanceAddress | null, status: string) => {
  const id = newId('ins', systemClock)
  const times = { lastUsedAt: new Date(), observedAt: new Date() }
  return {
    row: { id, handle, generation: 1, version: 1, desired: 'awake', observed, address, ...times },
    seen: { id, handle, generation: 1, status, address, exitCode: 0, aiTokenGeneration: null },
  }
}

async function setUp(pairs: ReturnType<typeof pair>[], observe: (handle: string) => void) {
  const rows = pairs.map(({ row }) => row as unknown as InstanceRow)
  const store = {
    all: async () => rows,
    byId: async (id: string) => rows.find((row) => row.id === id) ?? null,
    observe: async ({ handle }: InstanceRow) => {
      observe(handle)
      return null
    },
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  const runtime = {
    list: async () => pairs.map(({ seen }) => seen),
    logs: async () => '',
  } as unknown as Runtime
  return createResync({
    ...{ store, cache, runtime, log, clock: systemClock },
    reconciler: { enqueue: () => {} },
    lastUsedAt: () => Date.now(),
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
  })
}

it('writes down what became of others while one of them hangs', async () => {
  const silent = createServer()
  await new Promise<void>((listens) => silent.listen(0, '127.0.0.1', listens))
  const { port } = silent.address() as AddressInfo
  const hangs = pair('hangs', 'stopped', { ...elsewhere, host: '127.0.0.1', gatewayPort: port }, 'running')
  const connections: { destroy: () => void }[] = []
  silent.on('connection', (socket) => connections.push(socket))
  const observed: string[] = []
  const resync = await setUp([hangs, pair('ended', 'running', elsewhere, 'stopped')], (handle) =>
    observed.push(handle),
  )

  const over = resync.all()
  await vi.waitFor(() => expect(observed).toEqual(['ended']))

  await vi.waitFor(() => expect(connections).not.toEqual([]))
  for (const socket of connections) socket.destroy()
  await over
  expect(observed).toEqual(['ended', 'hangs'])
  await new Promise((closed) => silent.close(closed))
})

it('compares all others where one row cannot be written, and says so', async () => {
  const observed: string[] = []
  const pairs = [
    pair('broken', 'running', elsewhere, 'stopped'),
    pair('ended', 'running', elsewhere, 'stopped'),
  ]
  const resync = await setUp(pairs, (handle) => {
    if (handle === 'broken') throw new Error('The database is away.')
    observed.push(handle)
  })
  await expect(resync.all()).rejects.toThrow('The database is away.')
  expect(observed).toEqual(['ended'])
})
