import { hostsOf, type InstanceId, newId, SCOPES, type UserId } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { openSleepers } from './idle/testing/sleepers.ts'
import { createTenantService } from './service.ts'
import { createTenantStore, type InstanceRow } from './store.ts'
import { POLICIES } from './testing/policies.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

/** One instance, and what its reconciler is told. */
async function boot(seen: Partial<InstanceRow>) {
  const row = await sleepers.instance(0, seen)
  const { cache } = await sleepers.process('one')
  const [enqueued, promoted]: [InstanceId[], InstanceId[]] = [[], []]
  const tenants = createTenantService({
    store: createTenantStore(sleepers.database),
    cache,
    reconciler: { enqueue: (id) => enqueued.push(id), promote: (id) => promoted.push(id) },
    touch: () => {},
    note: () => {},
    hasRoom: async () => true,
    clock: systemClock,
    image: () => 'i',
    deletionGraceMs: 7 * 86_400_000,
    view: {
      hosts: hostsOf('http://localhost'),
      isolationOf: () => 'none',
      policyOf: POLICIES.policyOf,
      lastUsedAt: () => 0,
      deletionGraceDays: 7,
      now: () => 0,
    },
  })
  return { tenants, cache, row, enqueued, promoted }
}

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
  const person = {
    userId: row.userId,
    handle: row.handle,
    role: 'member' as const,
    scopes: SCOPES,
    provedAt: null,
  }
  await tenants.wake({ how: 'session', sessionId: newId('ses', systemClock), ...person }, row.id)
  expect(promoted).toEqual([row.id, row.id])
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
