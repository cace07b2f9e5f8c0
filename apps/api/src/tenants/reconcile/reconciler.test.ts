import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceRow } from '../store.ts'
import type { LaneRequest } from './lanes.ts'
import { createReconciler, type ReconcilerOptions } from './reconciler.ts'

const id = newId('ins', systemClock)

it('sees a visitor who comes while room is looked for', async () => {
  const row = { id, observed: 'stopped', desired: 'awake', nextAttemptAt: null } as InstanceRow
  const queued = Promise.withResolvers<LaneRequest>()
  let lastUsedAt = 0
  const reconciler = createReconciler({
    store: {},
    cache: { get: () => row, all: () => [row], reloadOne: async () => {}, onChange: () => () => {} },
    admission: {
      admit: async () => {
        lastUsedAt = systemClock.now()
        return true
      },
    },
    line: { isItsTurn: () => true },
    lanes: {
      run: async (request: LaneRequest) => {
        queued.resolve(request)
        return null
      },
    },
    lastUsedAt: () => lastUsedAt,
    clock: systemClock,
    log: pino({ level: 'silent' }),
  } as unknown as ReconcilerOptions)
  reconciler.enqueue(id)
  expect(await queued.promise).toMatchObject({ action: 'start', isVisited: true })
  await reconciler.close()
})
