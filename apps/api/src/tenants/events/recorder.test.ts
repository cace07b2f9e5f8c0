import { newId, type TimelineQuery } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { SessionPrincipal } from '../../access/principal.ts'
import { systemClock } from '../../clock.ts'
import { instanceEvents } from '../../db/schema/index.ts'
import { createLog } from '../../log.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import { createEventRecorder } from './recorder.ts'
import { createTimeline } from './router.ts'
import { createEventStore } from './store.ts'

const DAY_MS = 86_400_000

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  await sleepers.database.db.delete(instanceEvents)
})

const log = createLog({ level: 'silent', part: 'test' })
const all = () => sleepers.database.db.select().from(instanceEvents).orderBy(asc(instanceEvents.id))

it('writes what was noted, and of instances that are gone nothing', async () => {
  const { id } = await sleepers.instance(0)
  const store = createEventStore(sleepers.database)
  const events = createEventRecorder({ store, clock: systemClock, log })
  events.note(newId('ins', systemClock), 'created')
  events.note(id, 'woke', { durationMs: 312.7 })
  events.note(id, 'failed', { detail: 'engine_down' })
  await events.close()
  expect(await all()).toMatchObject([
    { instanceId: id, kind: 'woke', durationMs: 313, detail: null },
    { instanceId: id, kind: 'failed', durationMs: null, detail: 'engine_down' },
  ])
})

it('neither throws nor loses anything while the database is away', async () => {
  const { id } = await sleepers.instance(0)
  const store = createEventStore(sleepers.database)
  let isAway = true
  let tries = 0
  const insert: typeof store.insert = async (events) => {
    tries++
    if (isAway) throw new Error('The database is away.')
    await store.insert(events)
  }
  const events = createEventRecorder({ store: { ...store, insert }, clock: systemClock, log })
  for (let i = 0; i < 700; i++) events.note(id, 'woke', { durationMs: i })
  await until('it was tried', () => tries > 0)
  isAway = false
  await events.close()
  expect((await all()).map(({ durationMs }) => durationMs)).toEqual(Array.from({ length: 700 }, (_, i) => i))
})

it('forgets what is old, and of one instance all but the newest thousand', async () => {
  const { id } = await sleepers.instance(0)
  let now = Date.now() - 91 * DAY_MS
  const store = createEventStore(sleepers.database)
  const events = createEventRecorder({ store, clock: { now: () => now }, log })
  events.note(id, 'created')
  await events.flush()
  now = Date.now()
  for (let i = 0; i < 1_010; i++) events.note(id, 'woke', { durationMs: i })
  await events.flush()
  await events.deleteOld()
  const left = await all()
  expect(left).toHaveLength(1_000)
  expect(left[0]).toMatchObject({ kind: 'woke', durationMs: 10 })
  await events.close()
})

it('knows how long wakes took, without first starts, and what failed', async () => {
  const { id } = await sleepers.instance(0)
  const store = createEventStore(sleepers.database)
  const at = new Date()
  const wake = { instanceId: id, at, kind: 'woke', detail: null } as const
  await store.insert([
    ...Array.from({ length: 100 }, (_, i) => ({ ...wake, durationMs: i + 1 })),
    { ...wake, durationMs: 60_000, detail: 'first_start' },
    { ...wake, durationMs: 90_000, at: new Date(at.getTime() - DAY_MS - 1) },
    { ...wake, kind: 'failed', durationMs: null, detail: 'engine_down' },
    { ...wake, kind: 'crashed', durationMs: null, detail: 'instance_unhealthy' },
    { ...wake, kind: 'failed', durationMs: null, detail: 'engine_down' },
  ])
  const since = new Date(at.getTime() - DAY_MS)
  expect(await store.wakesSince(since)).toEqual({ count: 100, p50Ms: 50.5, p95Ms: expect.closeTo(95.05, 5) })
  expect(await store.failuresSince(since)).toEqual([
    { code: 'engine_down', count: 2 },
    { code: 'instance_unhealthy', count: 1 },
  ])
  expect(await store.wakesSince(new Date(at.getTime() + 1))).toEqual({ count: 0, p50Ms: null, p95Ms: null })
})

it('reads a timeline page by page, and one kind of things alone, for its owner only', async () => {
  const row = await sleepers.instance(0)
  const [store, at] = [createEventStore(sleepers.database), new Date()]
  const event = { instanceId: row.id, at, durationMs: null, detail: null }
  // All at once: the order must hold all the same.
  const kinds = ['created', 'woke', 'crashed', 'slept', 'woke', 'failed'] as const
  await store.insert(kinds.map((kind) => ({ ...event, kind })))
  const owner: SessionPrincipal = {
    ...{ how: 'session', sessionId: newId('ses', systemClock), scopes: ['tenant:read'], provedAt: at },
    ...{ userId: row.userId, handle: row.handle, role: 'member' },
  }
  const read = createTimeline({ store, cache: { get: () => row }, clock: systemClock })
  const kindsOf = async (query: Partial<TimelineQuery>, who = owner) => {
    const page = await read(who, { instanceId: row.id, limit: 4, ...query })
    return { kinds: page.events.map(({ kind }) => kind), nextCursor: page.nextCursor }
  }
  const first = await kindsOf({})
  expect(first.kinds).toEqual(['failed', 'woke', 'slept', 'crashed'])
  expect(await kindsOf({ cursor: first.nextCursor ?? 0 })).toEqual({
    kinds: ['woke', 'created'],
    nextCursor: null,
  })
  expect((await kindsOf({ filter: 'problems' })).kinds).toEqual(['failed', 'crashed'])
  expect(await kindsOf({ filter: 'sleep', limit: 3 })).toEqual({
    kinds: ['woke', 'slept', 'woke'],
    nextCursor: null,
  })
  const stranger = { ...owner, userId: newId('usr', systemClock) }
  await expect(kindsOf({}, stranger)).rejects.toThrow()
})
