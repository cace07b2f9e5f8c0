/** Schedules on a clock that the test moves. */
import type { InstanceId, ScheduledRun } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instances, schedules } from '../db/schema/index.ts'
import type { HandOver } from '../errands/hand-over.ts'
import { signUp } from '../quota/ledger/testing/people.ts'
import { type Books, openBooks } from '../quota/testing/books.ts'
import { createRuns } from './runs.ts'
import { createSchedules } from './service.ts'
import { createScheduleStore } from './store.ts'

let books: Books
let instanceId: InstanceId
beforeAll(async () => {
  books = await openBooks()
  instanceId = (await signUp(books.database, 'ada', 'mosai_a')).instanceId
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())
beforeEach(async () => {
  await books.database.db.delete(schedules)
  await books.database.db.update(instances).set({ isSuspended: false, desired: 'awake' })
})

const log = pino({ level: 'silent' })
const never = new AbortController().signal
const HOURLY = { id: 'hourly', timing: { cron: '0 * * * *', timezone: 'UTC' } }
const HEARTBEAT = { id: 'heartbeat', timing: { everyMinutes: 30 } }

function setUp(at = '2026-05-01T08:30:00Z') {
  let now = Date.parse(at)
  const clock = { now: () => now }
  const storeOf = (processId: string) => createScheduleStore({ db: books.database.db, processId })
  const store = storeOf('one')
  const runs: string[] = []
  const state = { fails: false }
  const handOver: HandOver = async (id, what, body) => {
    if (state.fails) throw new Error('It did not wake.')
    expect([id, what]).toEqual([instanceId, 'schedules'])
    const { schedule, dueAt } = body as ScheduledRun
    runs.push(`${schedule} ${dueAt.slice(11, 16)}`)
    return { kind: 'taken' }
  }
  const hand = createRuns({ store, handOver, clock, log })
  const service = createSchedules({ store, clock, limit: { take: async () => undefined } })
  return {
    ...{ service, runs, state, storeOf },
    at(time: string) {
      now = Date.parse(time)
    },
    async look() {
      for (const row of await store.claim(new Date(now), 10)) await hand(row, never)
    },
    next: async () => (await service.states(instanceId)).schedules.map(({ nextRunAt }) => nextRunAt),
  }
}

it('runs when it is due, and not before', async () => {
  const { service, at, look, runs, next } = setUp()
  await service.declare(instanceId, { schedules: [HOURLY, HEARTBEAT] })
  expect(await next()).toEqual(['2026-05-01T09:00:00.000Z', '2026-05-01T09:00:00.000Z'])
  at('2026-05-01T08:59:59Z')
  await look()
  expect(runs).toEqual([])
  at('2026-05-01T09:00:01Z')
  await look()
  await look()
  expect(runs.sort()).toEqual(['heartbeat 09:00', 'hourly 09:00'])
  expect(await next()).toEqual(['2026-05-01T09:30:01.000Z', '2026-05-01T10:00:00.000Z'])
})

it('runs once, late, what was missed many times', async () => {
  const { service, at, look, runs, next } = setUp()
  await service.declare(instanceId, { schedules: [HOURLY] })
  at('2026-05-04T12:10:00Z')
  await look()
  await look()
  expect(runs).toEqual(['hourly 09:00'])
  expect(await next()).toEqual(['2026-05-04T13:00:00.000Z'])
})

it('tries again what was not taken, and then goes on from now', async () => {
  const { service, at, look, runs, state, next } = setUp()
  await service.declare(instanceId, { schedules: [HOURLY] })
  state.fails = true
  at('2026-05-01T09:00:00Z')
  await look()
  await look()
  state.fails = false
  at('2026-05-01T09:00:10Z')
  await look()
  expect(runs).toEqual([])
  at('2026-05-01T09:00:20Z')
  await look()
  expect(runs).toEqual(['hourly 09:00'])
  expect(await next()).toEqual(['2026-05-01T10:00:00.000Z'])
})

it('keeps the next run of what is declared again as it was, and plans anew what has changed', async () => {
  const { service, at, next } = setUp()
  await service.declare(instanceId, { schedules: [HOURLY, HEARTBEAT] })
  at('2026-05-01T08:50:00Z')
  await service.declare(instanceId, { schedules: [HEARTBEAT, HOURLY] })
  expect(await next()).toEqual(['2026-05-01T09:00:00.000Z', '2026-05-01T09:00:00.000Z'])
  await service.declare(instanceId, { schedules: [{ ...HEARTBEAT, timing: { everyMinutes: 60 } }] })
  expect(await next()).toEqual(['2026-05-01T09:50:00.000Z'])
  await service.declare(instanceId, { schedules: [] })
  expect(await next()).toEqual([])
})

it('says of each what is wrong with it, and runs the others', async () => {
  const { service } = setUp()
  const wrong = { id: 'wrong', timing: { cron: '* * * * *', timezone: 'UTC' } }
  const minutes = { id: 'minutes', timing: { everyMinutes: 30 } }
  const { schedules: states } = await service.declare(instanceId, { schedules: [HOURLY, minutes, wrong] })
  expect(states.map(({ id, problem }) => [id, problem?.slice(0, 24) ?? null])).toEqual([
    ['hourly', null],
    ['minutes', 'Only the heartbeat repea'],
    ['wrong', 'It would run again withi'],
  ])
  await expect(service.declare(instanceId, { schedules: [HOURLY, HOURLY] })).rejects.toThrow('same name')
})

it('lets one process alone hand over a run, until its lease runs out', async () => {
  const { service, storeOf } = setUp()
  await service.declare(instanceId, { schedules: [HOURLY] })
  const due = new Date('2026-05-01T09:00:00Z')
  const [one, two] = [storeOf('one'), storeOf('two')]
  const both = await Promise.all([one.claim(due, 5), two.claim(due, 5)])
  expect(both.flat()).toHaveLength(1)
  await books.database.db.update(schedules).set({ leaseUntil: sql`now() - interval '1 second'` })
  expect(await two.claim(due, 5)).toHaveLength(1)
  // The one that was late finishes nothing any more.
  for (const row of both.flat()) await one.finish(row, { nextRunAt: null, lastRunAt: null, problem: null })
  expect((await books.database.db.select().from(schedules))[0]?.nextRunAt).toEqual(due)
})

it.each([{ isSuspended: true }, { desired: 'deleted' as const }])(
  'never wakes an instance with %o',
  async (set) => {
    const { service, at, look, runs } = setUp()
    await service.declare(instanceId, { schedules: [HOURLY] })
    await books.database.db.update(instances).set(set).where(eq(instances.id, instanceId))
    at('2026-05-01T12:00:00Z')
    await look()
    expect(runs).toEqual([])
  },
)
