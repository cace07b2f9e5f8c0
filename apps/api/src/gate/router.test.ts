import { type InstanceId, type RouteChange, routeChangeSchema, type UserId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Change } from '../tenants/cache.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { gateRouter } from './router.ts'

const row = (name: string, at: Partial<InstanceRow> = {}) => {
  const address = { host: name, gatewayPort: 1, shellPort: 2, trust: 'edge' } as const
  return {
    id: `ins_${name}`,
    userId: `usr_${name}`,
    handle: name,
    isSuspended: false,
    address,
    ...at,
  } as InstanceRow
}
const ada = row('ada')
const bob = row('bob')

/** As tRPC holds it before it is sent: the id, then what was yielded. */
const envelopeSchema = z.tuple([z.string(), routeChangeSchema]).rest(z.unknown())

/** The edge's subscription, and all that it was told after its beginning. */
async function edge() {
  const told: RouteChange[] = []
  const listeners: {
    changed?: (change: Change) => void
    ended?: (userId: UserId) => void
    revoked?: (instanceId: InstanceId, userId: UserId) => void
    closed?: (instanceId: InstanceId, app: string) => void
  } = {}
  const rows = [ada, bob]
  const router = gateRouter({
    cache: {
      all: () => rows.values(),
      get: (id) => rows.find((each) => each.id === id),
      ofUser: (userId) => rows.find((each) => each.userId === userId),
      onChange: (listener) => {
        listeners.changed = listener
        return () => delete listeners.changed
      },
    },
    sessions: {
      onClosed: (listener) => {
        listeners.ended = listener
        return () => delete listeners.ended
      },
    },
    shares: {
      instancesOf: (userId) => (userId === bob.userId ? [ada.id] : []),
      onRevoked: (listener) => {
        listeners.revoked = listener
        return () => delete listeners.revoked
      },
    },
    publications: {
      onWithdrawn: (listener) => {
        listeners.closed = listener
        return () => delete listeners.closed
      },
    },
    usage: { report: () => undefined, edgeSeen: () => undefined },
  })
  const over = new AbortController()
  const caller = router.createCaller(
    {
      request: { headers: new Headers(), address: '', userAgent: '', setCookie: () => undefined },
      principal: async () => ({ how: 'service' }),
      now: () => 0,
      changes: { take: async () => undefined },
    },
    { signal: over.signal },
  )
  const changes = await caller.routeChanges()
  const reading = (async () => {
    for await (const change of changes) told.push(envelopeSchema.parse(change)[1])
  })()
  await expect.poll(() => told).toEqual([{ type: 'reset' }])
  return {
    listeners,
    told: () => told.slice(1),
    async [Symbol.asyncDispose]() {
      over.abort()
      await reading
    },
  }
}

const streamsOf = (...hosts: string[]) =>
  hosts.flatMap((host) => [1, 2].map((port) => ({ type: 'close_streams', upstream: `${host}:${port}` })))

it('closes what is open to whoever signs out: at home, and where they are a viewer', async () => {
  await using open = await edge()
  open.listeners.ended?.(ada.userId)
  await expect.poll(open.told).toEqual(streamsOf('ada'))
  open.listeners.ended?.(bob.userId)
  await expect.poll(open.told).toEqual(streamsOf('ada', 'bob', 'ada'))
})

it('closes what is open to an instance that is shared with somebody less', async () => {
  await using open = await edge()
  open.listeners.revoked?.(ada.id, bob.userId)
  await expect.poll(open.told).toEqual(streamsOf('ada'))
})

it('closes what is open to an instance that is suspended, and to no other that changes', async () => {
  await using open = await edge()
  open.listeners.changed?.({ row: bob, added: false, removed: false })
  open.listeners.changed?.({ row: row('ada', { isSuspended: true }), added: false, removed: false })
  await expect.poll(open.told).toEqual(streamsOf('ada'))
})

it('ends the guests of an app that is closed to them, and nobody else', async () => {
  await using open = await edge()
  open.listeners.closed?.(ada.id, 'game')
  await expect.poll(open.told).toEqual([{ type: 'close_group', group: `${ada.id}/game` }])
})

it('hears of nothing any more once the edge is gone', async () => {
  const gone = await edge()
  await gone[Symbol.asyncDispose]()
  expect(gone.listeners).toEqual({})
})
