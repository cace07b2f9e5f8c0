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
const handle = 'looked-at'

/** One instance, as its row has it and as the runtime shows it. */
async function setUp(given: Partial<InstanceRow>, seen: Partial<RuntimeInstance>) {
  const row = {
    id,
    handle,
    generation: 1,
    version: 1,
    failures: 0,
    lastUsedAt: new Date(),
    observedAt: new Date(),
    ...given,
  } as InstanceRow
  const store = {
    all: async () => [row],
    // Another process has just saved a use.
    observe: async (known: InstanceRow, what: Partial<InstanceRow>, unless: { unusedMs?: number } = {}) =>
      unless.unusedMs === undefined ? { ...known, ...what, version: 2 } : null,
  } as unknown as TenantStore
  const cache = await createInstanceCache({ log, store, notifications: silentNotifications })
  const asked: unknown[] = []
  const enqueued: string[] = []
  const inspect = async (...args: unknown[]) => {
    asked.push(args)
    return { id, handle, generation: 1, address: null, exitCode: null, ...seen }
  }
  const runtime = { inspect } as unknown as Runtime
  const reconciler = { enqueue: (which: string) => enqueued.push(which) }
  const options = {
    store,
    cache,
    runtime,
    reconciler,
    clock: systemClock,
    log,
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
  }
  return { resync: createResync({ ...options, lastUsedAt: () => 0 }), cache, asked, enqueued }
}

it('asks the runtime by name', async () => {
  const { resync, asked } = await setUp({ observed: 'stopped', desired: 'asleep' }, { status: 'stopped' })
  await resync.one(id)
  expect(asked).toEqual([[{ id, handle, generation: 1 }]])
})

it('keeps awake what exits while another process has it in use', async () => {
  const { resync, cache } = await setUp({ observed: 'running', desired: 'awake' }, { status: 'stopped' })
  await resync.one(id)
  expect(cache.get(id)).toMatchObject({ observed: 'stopped', desired: 'awake' })
})

it('stops what runs although its start was given up and nobody wants it any more', async () => {
  const resting = { observed: 'failed', desired: 'asleep' } as const
  const { resync, cache, enqueued } = await setUp(resting, { status: 'running' })
  await resync.one(id)
  expect(cache.get(id)).toMatchObject({ observed: 'stopping', desired: 'asleep' })
  expect(enqueued).toEqual([id])
})

it('leaves a failed one alone that does not run, or is to be tried again', async () => {
  const resting = await setUp({ observed: 'failed', desired: 'asleep' }, { status: 'stopped' })
  const trying = await setUp({ observed: 'failed', desired: 'awake' }, { status: 'running' })
  for (const { resync, cache } of [resting, trying]) {
    await resync.one(id)
    expect(cache.get(id)).toMatchObject({ observed: 'failed', version: 1 })
  }
})
