import { hostsOf, type InstanceId, newId, SCOPES, type UserId } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Principal } from '../access/principal.ts'
import { systemClock } from '../clock.ts'
import { instances } from '../db/schema/index.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import { openSleepers } from './idle/testing/sleepers.ts'
import { createTenantService } from './service.ts'
import { createServing } from './serving.ts'
import { createTenantStore, type InstanceRow } from './store.ts'
import { POLICIES } from './testing/policies.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

/** One instance, and what its reconciler is told. */
async function boot(seen: Partial<InstanceRow>, mostWakes = 100) {
  const row = await sleepers.instance(0, seen)
  const { cache } = await sleepers.process('one')
  const [enqueued, promoted]: [InstanceId[], InstanceId[]] = [[], []]
  const tenants = createTenantService({
    store: createTenantStore(sleepers.database),
    cache,
    serving: createServing(cache),
    reconciler: {
      enqueue: (id) => enqueued.push(id),
      promote: (id) => promoted.push(id),
      thaw: () => undefined,
    },
    touch: () => {},
    note: () => {},
    hasRoom: async () => true,
    clock: systemClock,
    image: () => 'i',
    deletionGraceMs: 7 * 86_400_000,
    wakeLimit: memoryLimit({ name: 'wake', attempts: mostWakes, seconds: 3_600, message: 'Too often.' }),
    view: {
      hosts: hostsOf('http://localhost'),
      isolationOf: () => 'none',
      policyOf: POLICIES.policyOf,
      lastUsedAt: () => 0,
      deletionGraceDays: 7,
      lineOf: () => null,
      now: () => 0,
    },
  })
  return { tenants, cache, row, enqueued, promoted }
}

const ownerOf = ({ userId, handle }: InstanceRow): Principal => ({
  ...{ userId, handle, scopes: SCOPES, provedAt: null },
  how: 'session',
  role: 'member',
  sessionId: newId('ses', systemClock),
})

const ago = (ms: number) => new Date(Date.now() - ms)
const later = new Date(Date.now() + 3_600_000)
const outage = {
  observed: 'failed',
  nextAttemptAt: later,
  error: { code: 'engine_down', message: 'Away.' },
} as const

it('passes background work for a visitor, and for an owner who wakes it', async () => {
  const { tenants, row, promoted } = await boot({ observed: 'failed' })
  await tenants.ensureAwake(row.id)
  expect(promoted).toEqual([row.id])
  await tenants.wake(ownerOf(row), row.id)
  expect(promoted).toEqual([row.id, row.id])
})

const TOO_OFTEN = { code: 'too_many_requests', message: 'Too often.', retryAfterS: 3_600 }

it('counts a wake once for all who come with it, and refuses one person the next when they were too many', async () => {
  const { tenants, cache, row } = await boot({ desired: 'asleep', observed: 'stopped' }, 2)
  const by = row.userId
  const asleepAgain = async () => {
    const version = (cache.get(row.id)?.version ?? 0) + 1
    await sleepers.database.db.update(instances).set({ desired: 'asleep', version })
    await cache.reloadOne(row.id)
    expect(cache.get(row.id)?.desired).toBe('asleep')
  }
  await Promise.all(Array.from({ length: 20 }, () => tenants.ensureAwake(row.id, { by })))
  await asleepAgain()
  await tenants.ensureAwake(row.id, { by })
  await tenants.ensureAwake(row.id, { by })
  await asleepAgain()
  await expect(tenants.ensureAwake(row.id, { by })).rejects.toMatchObject(TOO_OFTEN)
  await expect(tenants.wake(ownerOf(row), row.id)).rejects.toMatchObject(TOO_OFTEN)
  expect(cache.get(row.id)?.desired).toBe('asleep')
  // Somebody else is not refused for it, nor what the platform wants.
  await tenants.ensureAwake(row.id, { isUse: false })
  expect(cache.get(row.id)?.desired).toBe('awake')
})

it('tries again at once for a visitor what failed because the engine was away', async () => {
  const { tenants, cache, row, enqueued } = await boot({ ...outage, observedAt: ago(2_000) })
  await tenants.ensureAwake(row.id)
  expect(cache.get(row.id)).toMatchObject({ nextAttemptAt: null, error: null })
  expect(enqueued).toEqual([row.id])
})

it('leaves the pause alone after an attempt that is just over, or a failure of its own', async () => {
  const just = await boot({ ...outage, observedAt: new Date(Date.now() + 60_000) })
  const error = { code: 'instance_unhealthy', message: 'It ended.' } as const
  const own = await boot({ ...outage, error, observedAt: ago(2_000) })
  for (const { tenants, cache, row, enqueued } of [just, own]) {
    await tenants.ensureAwake(row.id)
    expect(cache.get(row.id)).toMatchObject({ nextAttemptAt: later })
    expect(enqueued).toEqual([])
  }
})

it('opens no stream for whoever may not watch', async () => {
  const { tenants, row } = await boot({})
  const opened: AbortSignal[] = []
  const open = () => {
    const signal = new AbortController().signal
    opened.push(signal)
    return signal
  }
  const person = {
    how: 'session',
    sessionId: newId('ses', systemClock),
    role: 'member',
    scopes: SCOPES,
    provedAt: null,
  } as const
  const watch = (userId: UserId, id: InstanceId) =>
    tenants.watch({ ...person, userId, handle: 'ada' }, id, open)
  await expect(watch(newId('usr', systemClock), row.id)).rejects.toThrow('You have no computer here.')
  await expect(watch(row.userId, newId('ins', systemClock))).rejects.toThrow('You have no computer here.')
  expect(opened).toEqual([])
  await watch(row.userId, row.id)
  expect(opened).toHaveLength(1)
})

it('finds what another process made a moment ago, before any word of it has come', async () => {
  const [{ tenants }, other] = [await boot({}), await boot({})]
  const { id, userId, handle } = await sleepers.instance(0)
  const person = {
    how: 'session',
    sessionId: newId('ses', systemClock),
    role: 'member',
    scopes: SCOPES,
    provedAt: null,
  } as const
  const principal = { ...person, userId, handle }
  expect(await tenants.ownedBy(userId)).toMatchObject({ id, handle })
  expect(await other.tenants.sleep(principal, id)).toMatchObject({ id, desired: 'asleep' })
  await expect(tenants.ownedBy(newId('usr', systemClock))).rejects.toThrow('You have no computer here.')
})
