import type { InstanceId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { createLog } from '../../log.ts'
import type { RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { createIsolationGuard, type IsolationGuardOptions } from './isolation-guard.ts'

const broken = new AppError('isolation_broken', 'For the owner.', { cause: new Error('For the operator.') })
const instance = (
  id: string,
  status: RuntimeInstance['status'],
  isolation: RuntimeInstance['isolation'] = 'container',
) => ({ id: id as InstanceId, status, isolation }) as RuntimeInstance

function boot({ observe }: Partial<IsolationGuardOptions['store']> = {}) {
  const rows = new Map<InstanceId, InstanceRow>()
  const row = (id: string, values: Partial<InstanceRow>) =>
    rows.set(id as InstanceId, { id, desired: 'awake', nextAttemptAt: null, ...values } as InstanceRow)
  const write = async (id: InstanceId, values: Partial<InstanceRow>) => {
    const next = { ...rows.get(id), ...values } as InstanceRow
    rows.set(id, next)
    return next
  }
  const world = {
    rows,
    row,
    failure: null as unknown,
    running: [] as RuntimeInstance[],
    stopped: [] as string[],
    retried: [] as string[],
  }
  const guard = createIsolationGuard({
    runtime: {
      verifyIsolation: async () => {
        if (world.failure) throw world.failure
      },
      list: async () => world.running,
      stop: async (id) => {
        world.stopped.push(id)
        world.running = world.running.filter((other) => other.id !== id)
      },
    },
    store: {
      observe: observe ?? (async (given, seen) => await write(given.id, seen)),
      retryAll: async (reason) => {
        const waiting = [...rows.values()].filter(
          ({ error, nextAttemptAt }) => error?.code === reason && nextAttemptAt,
        )
        world.retried.push(...waiting.map(({ id }) => id))
        return await Promise.all(waiting.map(({ id }) => write(id, { nextAttemptAt: null })))
      },
    },
    cache: { get: (id) => rows.get(id), all: () => rows.values(), publish: (given) => given },
    takeVerdict: async () => {
      throw new Error('The database is away.')
    },
    clock: { now: () => 1_000_000 },
    log: createLog({ level: 'silent', part: 'test' }),
  })
  return Object.assign(world, { check: guard.check, broken: guard.broken })
}

it('leaves alone what nothing isolated before', async () => {
  const world = boot()
  world.row('ins_a', { observed: 'running' })
  world.failure = broken
  world.running = [instance('ins_a', 'running', 'none'), instance('ins_b', 'running')]
  await world.check()
  expect(world.stopped).toEqual(['ins_b'])
  expect(world.rows.get('ins_a' as InstanceId)).toMatchObject({ observed: 'running' })
})

it('stops everything that runs, strays too, and tells the owners', async () => {
  const world = boot()
  world.row('ins_a', { observed: 'running' })
  world.row('ins_b', { observed: 'stopped' })
  world.running = [
    instance('ins_a', 'running'),
    instance('ins_stray', 'running'),
    instance('ins_p', 'paused'),
  ]
  await world.check()
  expect(world.stopped).toEqual([])
  world.failure = broken
  await world.check()
  expect(world.stopped).toEqual(['ins_a', 'ins_stray'])
  expect(world.rows.get('ins_a' as InstanceId)).toMatchObject({
    observed: 'failed',
    address: null,
    error: { code: 'isolation_broken', message: 'For the owner.' },
  })
  expect(world.rows.get('ins_b' as InstanceId)).toMatchObject({ observed: 'stopped' })
})

it('says what is open for as long as it is, and while the engine is away', async () => {
  const world = boot()
  await world.check()
  expect(world.broken()).toBeNull()
  world.failure = broken
  await world.check()
  expect(world.broken()).toBe('For the operator.')
  world.failure = new AppError('engine_down', 'Down.')
  await world.check()
  expect(world.broken()).toBe('For the operator.')
  world.failure = null
  await world.check()
  expect(world.broken()).toBeNull()
})

it('stops also what cannot be written down', async () => {
  const world = boot({ observe: async () => Promise.reject(new Error('the database is away')) })
  world.row('ins_a', { observed: 'running' })
  world.running = [instance('ins_a', 'running')]
  world.failure = broken
  await world.check()
  expect(world.stopped).toEqual(['ins_a'])
})

it('lets what it stopped, or an earlier process did, start again once isolation holds', async () => {
  const world = boot()
  const error = broken.toBody()
  world.row('ins_a', { observed: 'failed', error, nextAttemptAt: new Date(9e9) })
  world.row('ins_asleep', { observed: 'failed', error, desired: 'asleep' })
  world.row('ins_other', { observed: 'failed', error: { code: 'image_missing', message: '' } })
  await world.check()
  await world.check()
  expect(world.retried).toEqual(['ins_a'])
})

it('stops nothing because the engine is away', async () => {
  const world = boot()
  world.row('ins_a', { observed: 'running' })
  world.running = [instance('ins_a', 'running')]
  world.failure = new AppError('engine_down', 'Down.')
  await world.check()
  expect(world.stopped).toEqual([])
})
