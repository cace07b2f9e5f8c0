import { type InstanceId, USAGE_STEP_S } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { instanceEvents, instances, jobLeases, usageSamples } from '../../db/schema/index.ts'
import { createSoleRunner, deleteExpiredLeases } from '../../jobs/sole-runner.ts'
import type { RuntimeUsage } from '../../ports/runtime.ts'
import { createEventRecorder } from '../events/recorder.ts'
import { createEventStore } from '../events/store.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import type { InstanceRow } from '../store.ts'
import { POLICIES } from '../testing/policies.ts'
import { createOutOfMemory } from './out-of-memory.ts'
import { createSampler } from './sampler.ts'
import { createMetering } from './service.ts'
import { createMeteringStore } from './store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const START = Date.parse('2026-11-20T12:00:00Z')
const IDLE: RuntimeUsage = { cpuMs: 1_000, memoryBytes: 50, receivedBytes: 10, sentBytes: 20 }
const log = pino({ level: 'silent' })

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  await sleepers.empty()
  await sleepers.database.db.delete(jobLeases)
})

async function subject({ known = false } = {}) {
  const rows = new Map<InstanceId, InstanceRow>()
  const cache = {
    all: () => rows.values(),
    get: (id: InstanceId) => rows.get(id),
    ofUser: (userId: string) => [...rows.values()].find((row) => row.userId === userId),
  }
  const store = createMeteringStore(sleepers.database)
  const state = {
    ms: 0,
    usage: new Map<string, RuntimeUsage | null>(),
    measured: [] as string[],
    told: [] as string[],
    looks: [] as string[],
  }
  const clock = { now: () => START + state.ms, monotonic: () => state.ms }
  const sampler = createSampler({
    ...{ store, cache, clock, log },
    runtime: {
      usage: async ({ handle = '' }) => {
        state.looks.push(handle)
        const usage = state.usage.get(handle)
        if (usage === undefined) throw new Error('The engine is away.')
        return usage
      },
    },
    disks: { measured: async ({ handle }, bytes) => void state.told.push(`${handle} ${bytes}`) },
    homes: {
      enforces: { disk: known, inodes: known },
      measure: async ({ handle }) => {
        state.measured.push(handle)
        return 777
      },
    },
  })
  const { policyOf } = POLICIES
  const metering = createMetering({ store, cache, policyOf, clock })
  const add = async (seen: Partial<InstanceRow> = {}) => {
    const row = await sleepers.instance(0, seen)
    rows.set(row.id, row)
    return row
  }
  const round = async (usages: [InstanceRow, RuntimeUsage | null][], passedMs = MINUTE_MS) => {
    state.ms += passedMs
    state.usage = new Map(usages.map(([{ handle }, usage]) => [handle, usage]))
    await sampler.run()
  }
  return { rows, store, state, metering, add, round, rest: sampler.rest }
}

const samples = () => sleepers.database.db.select().from(usageSamples).orderBy(usageSamples.at)

it('makes a sample of two looks: what was used between them, and what it has', async () => {
  const { add, round } = await subject()
  const row = await add()
  await round([[row, IDLE]])
  expect(await samples()).toEqual([])
  await round([[row, { cpuMs: 31_000, memoryBytes: 60, receivedBytes: 110, sentBytes: 1_020 }]])
  expect(await samples()).toEqual([
    {
      ...{ instanceId: row.id, at: new Date(START + 2 * MINUTE_MS), overMs: MINUTE_MS, cpuMs: 30_000 },
      ...{ receivedBytes: 100, sentBytes: 1_000, memoryBytes: 60, diskBytes: 777 },
    },
  ])
})

it('looks at nothing that sleeps, and counts from nothing after a start: who starts anew is not to work unseen', async () => {
  const { rows, add, round } = await subject()
  const row = await add({ observed: 'paused' })
  await round([[row, IDLE]])
  rows.set(row.id, { ...row, observed: 'stopped' })
  await round([])
  rows.set(row.id, { ...row, observed: 'running' })
  expect(await samples()).toEqual([])
  await round([[row, { ...IDLE, cpuMs: 5_000 }]])
  await round([[row, { ...IDLE, cpuMs: 10 }]])
  await round([[row, { ...IDLE, cpuMs: 20 }]])
  expect((await samples()).map(({ cpuMs, overMs }) => [cpuMs, overMs])).toEqual([
    [5_000, MINUTE_MS],
    [10, MINUTE_MS],
    [10, MINUTE_MS],
  ])
})

it('asks no more about what is paused once its memory was given back, until it goes on', async () => {
  const { rows, add, round, state } = await subject()
  const row = await add({ observed: 'paused' })
  await round([[row, IDLE]])
  await round([[row, { ...IDLE, memoryBytes: 5 }]])
  await round([])
  await round([])
  expect(state.looks).toHaveLength(2)
  rows.set(row.id, { ...row, observed: 'running', version: row.version + 1 })
  await round([[row, { ...IDLE, cpuMs: 4_000 }]])
  expect(state.looks).toHaveLength(3)
  expect((await samples()).map(({ cpuMs, memoryBytes, overMs }) => [cpuMs, memoryBytes, overMs])).toEqual([
    [0, 5, MINUTE_MS],
    [0, 5, MINUTE_MS],
    [0, 5, MINUTE_MS],
    [3_000, 50, MINUTE_MS],
  ])
})

it('samples nothing across the time in which another process looked', async () => {
  const { add, round, rest } = await subject()
  const row = await add()
  await round([[row, IDLE]])
  rest()
  await round([[row, { ...IDLE, cpuMs: 90_000 }]], HOUR_MS)
  expect(await samples()).toEqual([])
  await round([[row, { ...IDLE, cpuMs: 90_500 }]])
  expect((await samples()).map(({ cpuMs, overMs }) => [cpuMs, overMs])).toEqual([[500, MINUTE_MS]])
})

it('goes on with the others where one cannot be measured, or is gone', async () => {
  const { add, round } = await subject()
  const [fails, stops, gone, runs] = [await add(), await add(), await add(), await add()]
  const all = (usage: RuntimeUsage) =>
    [fails, stops, gone, runs].map((row) => [row, usage] as [InstanceRow, RuntimeUsage])
  await round(all(IDLE))
  await sleepers.database.db.delete(instances).where(eq(instances.id, gone.id))
  await round([...all(IDLE).slice(2), [stops, null]])
  expect((await samples()).map(({ instanceId }) => instanceId)).toEqual([runs.id])
})

it('measures a home seldom, and few at once', async () => {
  const { add, round, state } = await subject()
  const rows = await Promise.all(Array.from({ length: 7 }, () => add()))
  const all = rows.map((row) => [row, IDLE] as [InstanceRow, RuntimeUsage])
  await round(all)
  expect(state.measured).toHaveLength(5)
  expect(state.told).toEqual(state.measured.map((handle) => `${handle} 777`))
  await round(all)
  expect(new Set(state.measured).size).toBe(7)
  await round(all)
  expect(state.measured).toHaveLength(7)
  await round(all, 10 * MINUTE_MS)
  expect(state.measured).toHaveLength(12)
})

it('measures a full home every minute: its owner makes room', async () => {
  const { add, round, state } = await subject()
  const [full, other] = [await add({ diskLevel: 'full' }), await add()]
  const all = [full, other].map((row) => [row, IDLE] as [InstanceRow, RuntimeUsage])
  await round(all)
  await round(all)
  expect(state.measured.filter((handle) => handle === full.handle)).toHaveLength(2)
  expect(state.measured.filter((handle) => handle === other.handle)).toHaveLength(1)
})

it('shows a day in quarters of an hour, with what the plan gives, and forgets the rest', async () => {
  const { rows, store, state, metering, add } = await subject()
  const row = await add()
  const sample = (agoMs: number, cpuMs: number, memoryBytes: number, diskBytes: number | null = null) => ({
    ...{ instanceId: row.id, at: new Date(START - agoMs), overMs: MINUTE_MS, cpuMs, memoryBytes, diskBytes },
    ...{ receivedBytes: 1, sentBytes: 2 },
  })
  const minute = (count: number) => count * MINUTE_MS
  await store.insert([
    sample(25 * HOUR_MS, 1, 1),
    sample(minute(10), 60_000, 5, 8),
    sample(minute(9), 30_000, 9, 9),
    sample(minute(8), 0, 7),
    sample(minute(30), 6_000, 3),
  ])
  rows.set(row.id, row)
  state.ms = 0
  const seen = await metering.ofUser(row.userId)
  const at = (steps: number) => new Date(START - steps * USAGE_STEP_S * 1000).toISOString()
  expect(seen).toEqual({
    points: [
      { at: at(2), cpu: 0.1, memoryBytes: 3, diskBytes: null, receivedBytes: 1, sentBytes: 2 },
      { at: at(1), cpu: 0.5, memoryBytes: 9, diskBytes: 9, receivedBytes: 3, sentBytes: 6 },
    ],
    limits: { cores: 1 / 100_000, memoryBytes: 2, diskBytes: 3 },
    ...{ outOfMemoryAt: null, disk: null, throttledAt: null },
  })
  await store.deleteBefore(new Date(START - 24 * HOUR_MS))
  expect(await samples()).toHaveLength(4)
})

it('notes a want of memory once in a while, whichever process hears of it, and tells the owner', async () => {
  const { db } = sleepers.database
  const { metering, add } = await subject()
  const [row, other] = [await add(), await add()]
  const events = createEventRecorder({
    store: createEventStore(sleepers.database),
    clock: { now: () => START - 1 },
    log,
  })
  const heard = createOutOfMemory({ db, note: events.note, clock: systemClock })
  await Promise.all([heard(row.id), heard(row.id), heard(row.id), heard(other.id)])
  await events.close()
  const noted = await db.select().from(instanceEvents)
  expect(noted.map(({ instanceId, kind }) => `${instanceId} ${kind}`).sort()).toEqual(
    [`${row.id} out_of_memory`, `${other.id} out_of_memory`].sort(),
  )
  expect((await metering.ofUser(row.userId))?.outOfMemoryAt).toBe(new Date(START - 1).toISOString())
})

it('lets one process at a time do what only one should', async () => {
  const { db } = sleepers.database
  const runner = (processId: string, leaseMs = 60_000) =>
    createSoleRunner({ db, name: 'work', processId, leaseMs })
  const [one, other] = [runner('one'), runner('other')]
  expect([await one.hold(), await other.hold(), await one.hold()]).toEqual([true, false, true])
  await other.release()
  expect(await other.hold()).toBe(false)
  await one.release()
  expect(await other.hold()).toBe(true)
  await runner('other', -1).hold()
  expect(await one.hold()).toBe(true)
  await runner('one', -1).hold()
  await deleteExpiredLeases(db)
  expect(await db.$count(jobLeases)).toBe(0)
})

it('asks each time for the size of homes whose store knows it without reading them', async () => {
  const { state, add, round } = await subject({ known: true })
  const rows = await Promise.all(Array.from({ length: 7 }, () => add()))
  await round(rows.map((row) => [row, IDLE]))
  await round(rows.map((row) => [row, IDLE]))
  expect(state.measured).toHaveLength(14)
})
