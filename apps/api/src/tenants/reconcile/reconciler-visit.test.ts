import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceMirror } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createLanes } from './lanes.ts'
import { createReconciler, type ReconcilerOptions } from './reconciler.ts'

it('passes background work also for a visitor who comes while free memory is being looked for', async () => {
  const id = newId('ins', systemClock)
  const row = { id, version: 1, desired: 'awake', observed: 'stopped' } as InstanceRow
  const mirror = {
    get: () => row,
    onChange: () => () => {},
    apply: () => null,
    reloadOne: async () => {},
    all: () => [row],
  }
  const lanes = createLanes(1)
  const slow = Promise.withResolvers<void>()
  const background = { id: newId('ins', systemClock), action: 'start', isVisited: false } as const
  const ahead = lanes.run(background, () => slow.promise)
  const begun = Promise.withResolvers<string>()
  let lastUsedAt = 0
  const options = {
    store: { begin: async () => begun.resolve('begun') } as unknown as TenantStore,
    mirror: mirror as unknown as InstanceMirror,
    lanes,
    admission: {
      admit: async () => {
        lastUsedAt = systemClock.now()
        lanes.promote(id)
        return true
      },
    },
    lastUsedAt: () => lastUsedAt,
    processId: 'me',
    clock: systemClock,
    log: pino({ level: 'silent' }),
  }
  const reconciler = createReconciler(options as unknown as ReconcilerOptions)
  reconciler.kick(id)
  expect(await begun.promise).toBe('begun')
  slow.resolve()
  await ahead
  await reconciler.close()
})
