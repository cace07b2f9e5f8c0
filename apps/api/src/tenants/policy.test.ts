import { hostsOf } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createPolicies, type Policy, waysDown } from './policy.ts'
import { instanceSpec } from './spec.ts'
import type { InstanceRow } from './store.ts'
import { IDLE_MS, POLICIES } from './testing/policies.ts'
import { instanceView } from './view.ts'

const TIERS = ['awake', 'paused', 'asleep', 'archived'] as const
const MINUTE_MS = 60_000

const standard = (policy: Partial<Policy>) =>
  createPolicies({ standard: { ...POLICIES.policyOf({ plan: 'standard' }), ...policy } })

it('gives an instance what its plan says', () => {
  expect(POLICIES.policyOf({ plan: 'standard' })).toMatchObject({ idleMs: { asleep: IDLE_MS } })
})

it('leads from every tier to the next lower one, for as many as there are', () => {
  const idleMs = { paused: 5 * MINUTE_MS, asleep: 30 * MINUTE_MS, archived: 43_200 * MINUTE_MS }
  expect(waysDown(TIERS, idleMs)).toEqual([
    { from: 'awake', to: 'paused', afterMs: 5 * MINUTE_MS },
    { from: 'paused', to: 'asleep', afterMs: 30 * MINUTE_MS },
    { from: 'asleep', to: 'archived', afterMs: 43_200 * MINUTE_MS },
  ])
})

it('passes a tier that the plan does without', () => {
  expect(waysDown(TIERS, { paused: null, asleep: 30 * MINUTE_MS, archived: null })).toEqual([
    { from: 'awake', to: 'asleep', afterMs: 30 * MINUTE_MS },
    { from: 'paused', to: 'asleep', afterMs: 30 * MINUTE_MS },
  ])
  expect(standard({ idleMs: { paused: null, asleep: null, archived: null } }).descents).toEqual([])
})

it.each([
  [{ failedIdleMs: 10 * MINUTE_MS, asleep: 30 * MINUTE_MS }, 10 * MINUTE_MS],
  [{ failedIdleMs: 10 * MINUTE_MS, asleep: MINUTE_MS }, MINUTE_MS],
])('lets what fails rest no later than what runs: %o', ({ failedIdleMs, asleep }, afterMs) => {
  const { descents } = standard({ failedIdleMs, idleMs: { paused: null, asleep, archived: null } })
  const way = { plan: 'standard', from: 'awake', to: 'asleep' }
  expect(descents.filter(({ from }) => from === 'awake')).toEqual([
    { ...way, isFailed: false, afterMs: asleep },
    { ...way, isFailed: true, afterMs },
  ])
})

it('makes room with what is in memory, and by the time that is meant for that', () => {
  expect(standard({ roomIdleMs: 7 }).roomDescents).toEqual([
    { plan: 'standard', from: 'paused', isFailed: false, to: 'asleep', afterMs: 7 },
    { plan: 'standard', from: 'awake', isFailed: false, to: 'asleep', afterMs: 7 },
  ])
})

it('is what the engine is told to enforce, and what the owner is shown', () => {
  const at = new Date(0)
  const row = { handle: 'someone', plan: 'standard', lastUsedAt: at, createdAt: at } as InstanceRow
  const hosts = hostsOf('http://localhost')
  const { policyOf } = POLICIES
  const options = { hosts, platformSecret: 's', policyOf, slot: 0, ai: { url: 'http://ai', token: 't' } }
  const spec = instanceSpec(row, { ...options, homePathOf: () => '/home' })
  expect(spec.limits).toEqual(policyOf(row).limits)
  const shown = {
    hosts,
    isolationOf: () => 'none' as const,
    lastUsedAt: () => 0,
    deletionGraceDays: 7,
    lineOf: () => null,
    now: () => 0,
  }
  expect(instanceView(row, { ...shown, policyOf }).idleLimitS).toBe(IDLE_MS / 1000)
  expect(instanceView(row, { ...shown, policyOf }).archiveDueAt).toBeNull()
  const never = standard({ idleMs: { paused: null, asleep: null, archived: null } })
  expect(instanceView(row, { ...shown, policyOf: never.policyOf }).idleLimitS).toBeNull()
})

it('tells an owner of the archive once it is near, of a plan that gives time for that', () => {
  const DAY_MS = 86_400_000
  const at = new Date(0)
  const asleep = {
    handle: 'a',
    plan: 'standard',
    desired: 'asleep',
    lastUsedAt: at,
    createdAt: at,
  } as InstanceRow
  const due = (afterDays: number, days: number, row = asleep) => {
    const { policyOf } = standard({ idleMs: { paused: null, asleep: 60_000, archived: afterDays * DAY_MS } })
    const how = {
      ...{ isolationOf: () => 'none' as const, lastUsedAt: () => 0, deletionGraceDays: 7 },
      lineOf: () => null,
    }
    const view = { ...how, hosts: hostsOf('http://localhost'), policyOf, now: () => days * DAY_MS }
    return instanceView(row, view).archiveDueAt
  }
  expect([due(30, 15), due(30, 17), due(30, 31)]).toEqual([null, new Date(30 * DAY_MS).toISOString(), null])
  expect([due(3, 1), due(3, 2.5), due(1, 0.9)]).toEqual([null, new Date(3 * DAY_MS).toISOString(), null])
  expect(due(30, 17, { ...asleep, desired: 'awake' })).toBeNull()
})
