import { type InstanceId, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { InstanceLimits } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { POLICIES } from '../testing/policies.ts'
import { createLimitsKeeper } from './limits-keeper.ts'

const usual = POLICIES.policyOf({ plan: 'standard' })

function subject() {
  const rows = new Map<InstanceId, InstanceRow>()
  const policies = new Map([['standard', usual]])
  const told: [handle: string, pids: number][] = []
  const attached: [handle: string, diskBytes: number][] = []
  const state = { now: 0, holds: true, refuses: false, limitsBandwidth: false, keepsBandwidth: true }
  const engine = { atOnce: 0, most: 0, answers: Promise.resolve() }
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) })
  const keeper = createLimitsKeeper({
    cache: { all: () => rows.values(), get: (id) => rows.get(id) },
    policyOf: ({ plan }) => policies.get(plan) ?? usual,
    runtime: {
      limitsBandwidth: () => state.limitsBandwidth,
      keepsBandwidth: async () => state.keepsBandwidth,
      update: async ({ handle = '' }, { pids }: InstanceLimits) => {
        told.push([handle, pids])
        engine.most = Math.max(engine.most, ++engine.atOnce)
        await engine.answers
        engine.atOnce--
        if (state.refuses) throw new AppError('conflict', 'In use.')
      },
    },
    homes: {
      attach: async ({ handle }, storage) => void attached.push([handle, storage?.diskBytes ?? 0]),
    },
    runner: { hold: async () => state.holds },
    clock: { monotonic: () => state.now },
    log,
  })
  const put = (handle: string, seen: Partial<InstanceRow> = {}) => {
    const known = [...rows.values()].find((row) => row.handle === handle)
    const id = known?.id ?? newId('ins', systemClock)
    const fixed = { id, handle, plan: 'standard', observed: 'running', generation: 1 } as InstanceRow
    rows.set(id, { ...fixed, ...known, ...seen })
  }
  const give = (plan: string, pids: number, bandwidthBytesPerS: number | null = null) =>
    policies.set(plan, { ...usual, limits: { ...usual.limits, pids, bandwidthBytesPerS } })
  const grow = (plan: string, diskBytes: number) =>
    policies.set(plan, { ...usual, storage: { ...usual.storage, diskBytes } })
  return { ...state, state, engine, put, give, grow, told, attached, warnings, run: keeper.run }
}

it('asks once of what runs or is paused, and of nothing that sleeps', async () => {
  const { put, told, run } = subject()
  put('runs')
  put('pauses', { observed: 'paused' })
  put('sleeps', { observed: 'stopped' })
  await run()
  await run()
  expect(told).toEqual([
    ['runs', usual.limits.pids],
    ['pauses', usual.limits.pids],
  ])
})

it('asks about several at a time, and never about all', async () => {
  const { engine, put, told, run } = subject()
  const answers = Promise.withResolvers<void>()
  engine.answers = answers.promise
  for (let nth = 0; nth < 20; nth++) put(`runs-${nth}`)
  const done = run()
  await expect.poll(() => engine.atOnce).toBe(4)
  answers.resolve()
  await done
  expect([told.length, engine.most]).toEqual([20, 4])
})

it('gives a larger home to what runs, once', async () => {
  const { put, grow, attached, run } = subject()
  put('runs')
  await run()
  grow('standard', 99)
  await run()
  await run()
  expect(attached).toEqual([
    ['runs', usual.storage.diskBytes],
    ['runs', 99],
  ])
})

it('follows a plan that changes, another plan, and a container that was started or made anew', async () => {
  const { put, give, told, run } = subject()
  put('ada')
  await run()
  give('standard', 7)
  await run()
  give('large', 9)
  put('ada', { plan: 'large' })
  await run()
  put('ada', { observed: 'stopped' })
  await run()
  put('ada', { observed: 'running' })
  await run()
  put('ada', { generation: 2 })
  await run()
  expect(told.map(([, pids]) => pids)).toEqual([usual.limits.pids, 7, 9, 9, 9])
})

it('says once that nothing here limits bandwidth, where a plan wants it', async () => {
  const { state, put, give, warnings, told, run } = subject()
  put('ada')
  await run()
  expect(warnings).toEqual([])
  state.limitsBandwidth = true
  give('standard', 1, 70_000)
  await run()
  expect(warnings).toEqual([])
  state.limitsBandwidth = false
  give('standard', 1, 80_000)
  await run()
  give('standard', 1, 90_000)
  await run()
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('a plan limits bandwidth')
  expect(told).toHaveLength(4)
})

it('leaves it to the process whose turn it is, and takes over from one that is gone', async () => {
  const { state, put, told, run } = subject()
  put('ada')
  state.holds = false
  await run()
  expect(told).toEqual([])
  state.holds = true
  await run()
  expect(told).toHaveLength(1)
})

it('tries again what was refused, with pauses, and other limits at once', async () => {
  const { state, put, give, told, run } = subject()
  put('ada')
  state.refuses = true
  await run()
  await run()
  expect(told).toHaveLength(1)
  state.now += 600_000
  await run()
  expect(told).toHaveLength(2)
  give('standard', 7)
  state.refuses = false
  await run()
  await run()
  expect(told.slice(2)).toEqual([['ada', 7]])
})

it('gives limits of bandwidth anew where the kernel has lost them, and asks for nothing else then', async () => {
  const { state, put, give, told, run } = subject()
  Object.assign(state, { limitsBandwidth: true, keepsBandwidth: false })
  give('wide', 5)
  give('narrow', 7, 100_000)
  put('free', { plan: 'wide' })
  put('limited', { plan: 'narrow' })
  await run()
  await run()
  expect(told.splice(0)).toEqual([
    ['free', 5],
    ['limited', 7],
    ['limited', 7],
  ])
  state.now += 1_000
  await run()
  expect(told).toEqual([])
  Object.assign(state, { now: 60_000, keepsBandwidth: true })
  await run()
  expect(told).toEqual([])
})
