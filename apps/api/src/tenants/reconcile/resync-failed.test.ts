import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { createInstanceMirror } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createResync } from './resync.ts'

const log = pino({ level: 'silent' })
const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null }

/** A failed instance; the answer is what it is taken for after a look at the runtime, and whether it was seen to. */
async function lookAt(row: Pick<InstanceRow, 'desired'>, status: 'running' | 'stopped') {
  let now = {
    id,
    handle: 'late',
    version: 1,
    observed: 'failed',
    failures: 3,
    address: null,
    ...row,
  } as InstanceRow
  const store = {
    all: async () => [now],
    byId: async () => now,
    observe: async (_: InstanceRow, seen: Partial<InstanceRow>) => {
      now = { ...now, ...seen, version: now.version + 1 }
      return now
    },
  } as unknown as TenantStore
  const database = { listen: async () => async () => {}, notify: async () => {} }
  const mirror = await createInstanceMirror({ processId: 'me', log, store, database })
  const seen = { id, handle: 'late', status, address: status === 'stopped' ? null : address, exitCode: null }
  const runtime = { list: async () => [seen] } as unknown as Runtime
  const kicked: string[] = []
  const reconciler = { kick: (which: string) => void kicked.push(which) }
  const options = { store, mirror, runtime, reconciler, clock: systemClock, log, lastUsedAt: () => 0 }
  await createResync(options).all()
  return { observed: mirror.get(id)?.observed, isSeenTo: kicked.includes(id) }
}

it('stops what runs although it failed and sleeps: a start that was given up may come through later', async () => {
  expect(await lookAt({ desired: 'asleep' }, 'running')).toEqual({ observed: 'stopping', isSeenTo: true })
})

it('leaves a failed instance that has ended as it is', async () => {
  expect(await lookAt({ desired: 'asleep' }, 'stopped')).toEqual({ observed: 'failed', isSeenTo: false })
})

it('leaves a failed instance that is wanted awake to its next attempt', async () => {
  expect(await lookAt({ desired: 'awake' }, 'running')).toEqual({ observed: 'failed', isSeenTo: true })
})
