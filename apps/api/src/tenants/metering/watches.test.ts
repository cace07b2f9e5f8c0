import { type InstanceId, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import { createPolicies } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import { POLICIES } from '../testing/policies.ts'
import { createBurnWatch } from './burn-watch.ts'
import { createDiskWatch, diskLevelOf } from './disk-watch.ts'
import { createMeteringStore } from './store.ts'
import { createWatchStore } from './watch-store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const START = Date.parse('2026-11-20T12:00:00Z')
const usual = POLICIES.policyOf({ plan: 'standard' })
const limits = { ...usual.limits, cpuShares: 512, cpuQuotaUs: 200_000 }
const { policyOf } = createPolicies({
  standard: { ...usual, limits, storage: { diskBytes: 1_000, inodes: 9 } },
  wide: { ...usual, limits: { ...limits, cpuShares: 2048 } },
})

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

async function subject({ disk = false, burnMs = (30 * MINUTE_MS) as number | null } = {}) {
  const rows = new Map<InstanceId, InstanceRow>()
  const noted: string[] = []
  const publish = <R extends InstanceRow | null>(row: R): R => {
    if (row) rows.set(row.id, row)
    return row
  }
  const note = (_id: InstanceId, kind: string) => void noted.push(kind)
  const state = { ms: 0, fill: null as number | null }
  const common = { store: createWatchStore(sleepers.database), policyOf, note }
  const disks = createDiskWatch({
    ...common,
    publish,
    homes: { enforces: { disk, inodes: disk }, fill: async () => state.fill },
  })
  const burns = createBurnWatch({
    ...{ ...common, cache: { all: () => rows.values(), publish } },
    ...{ clock: { now: () => START + state.ms }, log: pino({ level: 'silent' }) },
    ...{ burnMs, calmMs: HOUR_MS },
  })
  const { id } = publish(await sleepers.instance())
  const row = () => {
    const found = rows.get(id)
    if (!found) throw new Error('It is gone.')
    return found
  }
  const samples = createMeteringStore(sleepers.database)
  /** A minute each, in which it used so many cores. */
  const pass = async (minutes: number, cores: number) => {
    const all = Array.from({ length: minutes }, (_, n) => ({
      ...{ instanceId: id, at: new Date(START + state.ms + (n + 1) * MINUTE_MS), overMs: MINUTE_MS },
      ...{ cpuMs: cores * MINUTE_MS, receivedBytes: 0, sentBytes: 0, memoryBytes: 1 },
    }))
    await samples.insert(all)
    state.ms += minutes * MINUTE_MS
    await burns.run()
  }
  return { disks, burns, state, noted, row, publish, pass, store: common.store }
}

it.each([
  [0.79, null, 1, null],
  [0.8, null, 1, 'filling'],
  [0.99, 'filling', 1, 'filling'],
  [1, 'filling', 1, 'full'],
  [0.96, 'full', 1, 'full'],
  [0.94, 'full', 1, 'filling'],
  [0.76, 'filling', 1, 'filling'],
  [0.74, 'filling', 1, null],
  [0.2, 'full', 1, null],
  [0.95, null, 0.95, 'full'],
] as const)('calls a home of %f that was %s, full at %f: %s', (share, before, fullAt, level) => {
  expect(diskLevelOf(share, before, fullAt)).toBe(level)
})

it('tells once that a disk is almost full, that it is full, and that there is room again', async () => {
  const { disks, noted, row } = await subject()
  for (const bytes of [100, 820, 830, 1_200, 1_100, 930, 400, 300]) await disks.measured(row(), bytes)
  expect(noted).toEqual(['disk_filling', 'disk_full', 'disk_has_room'])
  expect(row().diskLevel).toBeNull()
})

it('calls a disk full sooner where the home store is a wall', async () => {
  const { disks, noted, row } = await subject({ disk: true })
  await disks.measured(row(), 960)
  expect(noted).toEqual(['disk_full'])
})

it('goes by what the store itself says is used: no file fits where none is left, whatever their size', async () => {
  const { disks, noted, row, state } = await subject({ disk: true })
  state.fill = 0.96
  await disks.measured(row(), 10)
  expect(noted).toEqual(['disk_full'])
})

it('tells nothing that another process has told', async () => {
  const { disks, noted, row } = await subject()
  const old = row()
  await disks.measured(old, 1_200)
  await disks.measured(old, 1_200)
  expect(noted).toEqual(['disk_full'])
})

it('throttles what computes at its limit for half an hour, to its share', async () => {
  const { noted, row, pass } = await subject()
  await pass(25, 1.9)
  expect(row().throttledAt).toBeNull()
  await pass(5, 1.9)
  expect(noted).toEqual(['throttled'])
  expect(row().throttledAt).toEqual(new Date(START + 30 * MINUTE_MS))
  expect(policyOf(row()).limits.cpuQuotaUs).toBe(50_000)
  await pass(1, 0.5)
  expect(noted).toEqual(['throttled'])
})

it('leaves alone what pauses, what is below its limit, and what has no burst', async () => {
  const { noted, row, publish, pass } = await subject()
  await pass(20, 2)
  await pass(5, 0.5)
  await pass(10, 2)
  await pass(60, 1.7)
  expect(noted).toEqual([])
  publish({ ...row(), plan: 'wide' })
  await pass(60, 2)
  expect(noted).toEqual([])
})

it('throttles in hours what pauses a little, so that it never burned for half of one', async () => {
  const { noted, pass } = await subject()
  for (let minutes = 0; minutes < 120; minutes += 15) {
    await pass(10, 2)
    await pass(5, 0)
  }
  expect(noted).toEqual([])
  for (let minutes = 0; minutes < 60; minutes += 15) {
    await pass(10, 2)
    await pass(5, 0)
  }
  expect(noted).toEqual(['throttled'])
})

it('throttles what ends and comes again, so that it is not seen at times', async () => {
  const { noted, state, pass } = await subject()
  for (let rounds = 0; rounds < 20; rounds++) {
    await pass(3, 2)
    // What it ends with, nobody sees.
    state.ms += 20_000
  }
  expect(noted).toEqual(['throttled'])
})

it('lets it go after a calm hour, and not while it still takes its share', async () => {
  const { noted, row, pass } = await subject()
  await pass(30, 2)
  await pass(90, 0.5)
  expect(row().throttledAt).not.toBeNull()
  await pass(59, 0.1)
  expect(noted).toEqual(['throttled', 'unthrottled'])
  expect(row().throttledAt).toBeNull()
})

it('throttles nothing where that is switched off, and still lets go of what was', async () => {
  const { noted, row, state, store, publish, pass } = await subject({ burnMs: null })
  await pass(60, 2)
  expect(noted).toEqual([])
  publish(await store.throttle(row().id, new Date(START + state.ms)))
  await pass(60, 0.1)
  expect(noted).toEqual(['unthrottled'])
})

it('counts sleep as calm', async () => {
  const { noted, row, publish, burns, state, pass } = await subject()
  await pass(30, 2)
  publish({ ...row(), observed: 'stopped' })
  state.ms += HOUR_MS
  await burns.run()
  expect(noted).toEqual(['throttled', 'unthrottled'])
})

it('takes nothing that it did not see for calm', async () => {
  const { noted, burns, state, pass } = await subject()
  await pass(30, 2)
  state.ms += 2 * HOUR_MS
  await burns.run()
  expect(noted).toEqual(['throttled'])
  await pass(50, 0.1)
  expect(noted).toEqual(['throttled'])
  await pass(10, 0.1)
  expect(noted).toEqual(['throttled', 'unthrottled'])
})

it('begins to count anew where somebody let it go', async () => {
  const { noted, row, publish, state, store, pass } = await subject()
  await pass(30, 2)
  publish(await store.endThrottle(row().id, new Date(START + state.ms)))
  await pass(20, 2)
  expect(row().throttledAt).toBeNull()
  await pass(10, 2)
  expect(noted).toEqual(['throttled', 'throttled'])
})

it('answers nothing for an instance that is not there', async () => {
  const { store } = await subject()
  const id = newId('ins', systemClock)
  expect(await store.throttle(id, new Date(START))).toBeNull()
  expect(await store.endThrottle(id, new Date(START))).toBeNull()
})
