import { type InstanceId, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import type { Runtime, RuntimeStatus } from '../../ports/runtime.ts'
import { createInstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createHealthWatch } from './health-watch.ts'

const log = pino({ level: 'silent' })
const MINUTE_MS = 60_000

/** Running instances, of which those hang that the test says, and what is written of them. */
async function boot(count = 1, rest: Partial<InstanceRow> = {}) {
  const rows = Array.from({ length: count }, (_, at) => {
    const address = { host: `10.0.0.${at}`, gatewayPort: 4000, shellPort: null, trust: 'bearer' }
    const state = { desired: 'awake', observed: 'running', failures: 0, error: null, version: 1 }
    const ids = { id: newId('ins', systemClock), handle: `h${at}`, generation: 1 }
    return { ...ids, ...state, address, leaseOwner: null, closingAt: null, ...rest } as InstanceRow
  })
  const hung = new Set<string>(rows.map(({ address }) => address?.host ?? ''))
  const written: InstanceRow[] = []
  const world = { monotonic: 0, status: 'running' as RuntimeStatus, probes: 0, onProbe: () => {} }
  const store = {
    all: async () => rows,
    byId: async (id: InstanceId) => cache.get(id) ?? null,
    observe: async (row: InstanceRow, seen: Partial<InstanceRow>) => {
      const now = { ...row, ...seen, version: row.version + 1 } as InstanceRow
      written.push(now)
      return now
    },
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  const runtime = {
    inspect: async () => ({ status: world.status }),
    logs: async () => 'its last words',
  } as unknown as Runtime
  const watch = createHealthWatch({
    ...{ store, cache, runtime, log, timeoutMs: 1 },
    clock: { monotonic: () => world.monotonic },
    probe: async ({ host }) => {
      world.probes++
      world.onProbe()
      return !hung.has(host)
    },
  })
  const rounds = async (times: number) => {
    for (let round = 0; round < times; round++) await watch.check()
  }
  const change = (what: Partial<InstanceRow>) => {
    for (const { id } of rows) {
      const now = cache.get(id)
      if (now) cache.upsert({ ...now, ...what, version: now.version + 1 })
    }
  }
  return { rows, hung, written, world, rounds, change, cache }
}

it('restarts what misses three probes in a row, with its last words', async () => {
  const { written, rounds } = await boot()
  await rounds(2)
  expect(written).toEqual([])
  await rounds(1)
  const error = { code: 'instance_unhealthy', detail: 'its last words', message: expect.any(String) }
  expect(written).toMatchObject([{ observed: 'stopping', address: null, failures: 1, error }])
})

it('begins to count anew after an answer', async () => {
  const { hung, written, rounds, rows } = await boot()
  await rounds(2)
  hung.clear()
  await rounds(1)
  hung.add(rows[0]?.address?.host ?? '')
  await rounds(2)
  expect(written).toEqual([])
  await rounds(1)
  expect(written).toHaveLength(1)
})

it('begins to count anew when it was paused and resumed meanwhile', async () => {
  const { written, rounds, change } = await boot()
  await rounds(2)
  change({ observed: 'paused' })
  change({ observed: 'running' })
  await rounds(2)
  expect(written).toEqual([])
})

it('counts no probe during which the row changed', async () => {
  const { written, rounds, world, change } = await boot()
  world.onProbe = () => change({})
  await rounds(9)
  expect(written).toEqual([])
})

it.each([
  ['is paused', { observed: 'paused' }],
  ['starts', { observed: 'starting' }],
  ['is put to sleep', { desired: 'asleep' }],
  ['is about to be put to sleep', { closingAt: new Date() }],
  ['somebody acts on', { leaseOwner: 'one' }],
] as const)('asks nothing of what %s', async (_what, rest) => {
  const { world, rounds } = await boot(1, rest)
  await rounds(3)
  expect(world.probes).toBe(0)
})

it.each(['paused', 'stopped'] as const)('leaves alone what the engine says is %s', async (status) => {
  const { written, world, rounds } = await boot()
  world.status = status
  await rounds(4)
  expect(written).toEqual([])
})

it('counts hangs that follow each other soon, and one after a long time as the first', async () => {
  const { written, world, rounds, change } = await boot()
  await rounds(3)
  for (const upMs of [2 * MINUTE_MS, 2 * MINUTE_MS, 60 * MINUTE_MS]) {
    const { address } = { address: { host: '10.0.0.0', gatewayPort: 4000, shellPort: null } }
    change({ observed: 'running', address: { ...address, trust: 'bearer' }, error: null })
    world.monotonic += upMs
    await rounds(3)
  }
  expect(written.map(({ failures }) => failures)).toEqual([1, 2, 3, 1])
})

it('restarts a few at a time when everything seems to hang', async () => {
  const { written, rounds } = await boot(10)
  await rounds(3)
  expect(written).toHaveLength(4)
  await rounds(2)
  expect(written).toHaveLength(10)
})
