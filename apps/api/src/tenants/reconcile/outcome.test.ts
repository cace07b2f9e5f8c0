import { describe, expect, it } from 'vitest'
import type { InstanceRow } from '../store.ts'
import { type Failure, failed, longestWaitMs, succeeded } from './outcome.ts'

const NOW = Date.UTC(2030, 0, 1)
const error = { code: 'engine_down', message: 'Away.' } as const

/** What a start comes to that fails so many times in a row: each failure's count, and the wait after it. */
function inARow(times: number, rest: Partial<Failure>) {
  let row = { failures: 0 } as InstanceRow
  return Array.from({ length: times }, () => {
    const outcome = failed({
      ...{ row, action: 'start', error, step: null, isOutage: false, isOver: false, now: NOW },
      ...rest,
    })
    row = { ...row, failures: outcome.failures }
    return [outcome.failures, (outcome.nextAttemptAt?.getTime() ?? NOW) - NOW]
  })
}

it('waits longer after each failure of its own', () => {
  expect(inARow(4, {})).toEqual([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
  ])
})

it('counts no outage as a failure, and lets no wait grow by it', () => {
  expect(inARow(4, { isOutage: true })).toEqual(Array.from({ length: 4 }, () => [0, 5_000]))
})

it('lets nothing wait whose wish has changed meanwhile', () => {
  expect(inARow(2, { isOver: true })).toEqual([
    [1, 0],
    [2, 0],
  ])
})

it('never waits longer than what others take for the longest wait', () => {
  for (const isOutage of [false, true]) {
    for (const [failures = 0, waitMs] of inARow(15, { isOutage }))
      expect(waitMs).toBeLessThanOrEqual(longestWaitMs({ failures }))
  }
})

it.each([
  ['conflict', []],
  ['internal', undefined],
] as const)('does the steps of a creation again after %s: %j', (code, doneSteps) => {
  const row = { failures: 0, doneSteps: ['create:home'] } as InstanceRow
  const what = { row, step: null, isOutage: false, isOver: false, now: NOW }
  const outcome = failed({ ...what, action: 'create', error: { code, message: 'In the way.' } })
  expect(outcome.doneSteps).toEqual(doneSteps)
})

describe('a stop', () => {
  const hung = { code: 'instance_unhealthy', message: 'It stopped responding.' } as const
  const stop = (row: Partial<InstanceRow>) =>
    succeeded(row as InstanceRow, 'stop', { observed: 'stopped', address: null }, NOW)

  it.each([
    [1, 'stopped', 0],
    [2, 'stopped', 1_000],
    [3, 'stopped', 2_000],
    [4, 'failed', 60_000],
    [9, 'failed', 256_000],
  ] as const)('of what hung %d times leaves it %s for %d ms, and says why', (failures, observed, waitMs) => {
    const outcome = stop({ desired: 'awake', failures, error: hung })
    expect(outcome).toMatchObject({ observed, failures, error: hung, address: null })
    expect((outcome.nextAttemptAt?.getTime() ?? NOW) - NOW).toBe(waitMs)
  })

  it.each([
    ['is to sleep', { desired: 'asleep', error: hung }],
    ['its owner wants anew', { desired: 'awake', error: null }],
    ['could not be stopped before', { desired: 'awake', error }],
  ] as const)('of what %s forgets every failure', (_what, row) => {
    expect(stop({ failures: 3, ...row })).toMatchObject({
      observed: 'stopped',
      failures: 0,
      error: null,
      nextAttemptAt: null,
    })
  })
})
