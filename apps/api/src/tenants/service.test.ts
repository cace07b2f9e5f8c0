import { hostsOf, type InstanceId, newId } from '@matrixos/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCOPES, type SessionPrincipal } from '../access/principal.ts'
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
  return { ...(await bootService()), row }
}

/** An api process that knows the instances that are there now. */
async function bootService() {
  const { cache } = await sleepers.process('one')
  const [enqueued, promoted]: [InstanceId[], InstanceId[]] = [[], []]
  const tenants = createTenantService({
    store: createTenantStore(sleepers.database),
    cache,
    reconciler: { enqueue: (id) => enqueued.push(id), promote: (id) => promoted.push(id) },
    touch: () => {},
    hasRoom: async () => true,
    clock: systemClock,
    image: 'i',
    view: {
      hosts: hostsOf('http://localhost'),
      isolationOf: () => 'none',
      policyOf: POLICIES.policyOf,
      lastUsedAt: () => 0,
    },
  })
  return { tenants, cache, enqueued, promoted }
}

const sessionOf = ({ userId, handle }: InstanceRow): SessionPrincipal => ({
  how: 'session',
  sessionId: newId('ses', systemClock),
  userId,
  handle,
  scopes: SCOPES,
  provedAt: new Date(),
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
  await tenants.wake(sessionOf(row), row.id)
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

describe('what another api process has made, and nobody has told of yet', () => {
  const later = async () => {
    const service = await bootService()
    return { ...service, row: await sleepers.instance() }
  }

  it('is there for its owner', async () => {
    const { tenants, row } = await later()
    expect(await tenants.ownedBy(sessionOf(row))).toMatchObject({ id: row.id })
  })

  it('takes its commands', async () => {
    const { tenants, row } = await later()
    expect(await tenants.sleep(sessionOf(row), row.id)).toMatchObject({ desired: 'asleep' })
  })

  it('can be watched', async () => {
    const { tenants, row } = await later()
    const over = new AbortController()
    for await (const { view } of await tenants.watch(sessionOf(row), row.id, () => over.signal)) {
      expect(view.id).toBe(row.id)
      over.abort()
    }
    expect.assertions(1)
  })

  it("is nobody else's", async () => {
    const { tenants, row } = await later()
    const stranger = sessionOf(await sleepers.instance())
    const refusal = { code: 'not_found' }
    await expect(tenants.sleep(stranger, row.id)).rejects.toMatchObject(refusal)
    const open = () => new AbortController().signal
    await expect(tenants.watch(stranger, row.id, open)).rejects.toMatchObject(refusal)
    const impostor = { ...stranger, handle: row.handle }
    await expect(tenants.ownedBy(impostor)).rejects.toMatchObject(refusal)
  })
})
