import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import { AppError } from '../../errors.ts'
import { createInstanceCache } from '../cache.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import { createTenantStore, type InstanceRow } from '../store.ts'
import { createLanes } from './lanes.ts'
import { createReconciler, type ReconcilerOptions } from './reconciler.ts'

const log = pino({ level: 'silent' })
let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

/** The generation that a start asks the runtime for, and the one that the gate goes by then. */
async function startedWith(seen: Partial<InstanceRow>): Promise<[number | undefined, number | undefined]> {
  const { id } = await sleepers.instance(0, seen)
  const store = createTenantStore(sleepers.database)
  const cache = await createInstanceCache({ store, notifications: silentNotifications, log })
  const asked: number[] = []
  const reconciler = createReconciler({
    store,
    cache,
    engine: { isAway: async () => false },
    lanes: createLanes(1),
    admission: { admit: async () => true },
    line: { isItsTurn: () => true },
    lastUsedAt: () => 0,
    runtime: { resume: async () => false },
    homes: { detach: async () => undefined },
    specOf: async ({ tokenGeneration }: InstanceRow) => {
      asked.push(tokenGeneration)
      throw new AppError('image_missing', 'Nothing can be started here.')
    },
    processId: 'one',
    clock: systemClock,
    log,
    quarantineMs: 0,
  } as unknown as ReconcilerOptions)
  reconciler.enqueue(id)
  await expect.poll(() => cache.get(id)?.observed).toBe('failed')
  await reconciler.close()
  return [asked[0], cache.get(id)?.tokenGeneration]
}

it('gives an instance from before generations another token when it is made anew', async () => {
  expect(await startedWith({ observed: 'stopped', tokenGeneration: 0 })).toEqual([1, 1])
})

it('leaves what may be running, or has been given another since, the token that it has', async () => {
  expect(await startedWith({ observed: 'paused', tokenGeneration: 0 })).toEqual([0, 0])
  expect(await startedWith({ observed: 'starting', tokenGeneration: 0 })).toEqual([0, 0])
  expect(await startedWith({ observed: 'stopped', tokenGeneration: 7 })).toEqual([7, 7])
})
