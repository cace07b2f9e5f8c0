import type { ErrorBody, Observed } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { eventOfDrift, eventOfOutcome } from './event-of.ts'

const error: ErrorBody = { code: 'instance_unhealthy', message: 'It stopped.' }
const before = (observed: Observed, hasRun = true) => ({ observed, hasRun, formerGeneration: null })

it.each([
  ['a start that came through', before('starting'), 'running', null, { kind: 'woke', detail: null }],
  ['the first of all', before('starting', false), 'running', null, { kind: 'woke', detail: 'first_start' }],
  ['a start nobody wants any more', before('starting'), 'starting', null, null],
  ['a start that failed', before('starting'), 'failed', error, { kind: 'failed', detail: error.code }],
  ['a stop', before('stopping'), 'stopped', null, { kind: 'slept', detail: null }],
  ['a stop that failed', before('stopping'), 'stopping', error, { kind: 'failed', detail: error.code }],
  ['a creation', before('creating', false), 'stopped', null, null],
  ['a creation after a failure', before('creating'), 'stopped', error, null],
  [
    'a creation that failed',
    before('creating', false),
    'failed',
    error,
    { kind: 'failed', detail: error.code },
  ],
] as const)('tells of %s', (_what, row, observed, problem, event) => {
  expect(
    eventOfOutcome(row, { observed, error: problem, desired: 'asleep', formerGeneration: null }),
  ).toEqual(event)
})

it.each([null, error])('tells of a restart when it stops and is wanted awake: %j', (problem) => {
  const stopped = { observed: 'stopped', desired: 'awake', error: problem, formerGeneration: null } as const
  expect(eventOfOutcome(before('stopping'), stopped)).toEqual({
    kind: 'restarted',
    detail: problem?.code ?? null,
  })
})

it.each([
  ['a crash', 'running', { observed: 'stopped', desired: 'awake', error }, 'crashed'],
  [
    'what stopped while nobody used it',
    'running',
    { observed: 'stopped', desired: 'asleep', error },
    'slept',
  ],
  ['what the platform stopped', 'running', { observed: 'stopped', desired: 'awake', error: null }, 'slept'],
  ['a new address', 'running', { observed: 'running', desired: 'awake', error: null }, undefined],
  ['a container that is gone', 'running', { observed: 'creating', desired: 'awake', error: null }, undefined],
  ['one that waits for memory', 'stopped', { observed: 'stopped', desired: 'awake', error }, undefined],
] as const)('tells of drift: %s', (_what, observed, after, kind) => {
  expect(eventOfDrift(before(observed), { ...after, formerGeneration: null })?.kind).toBe(kind)
})

const upgrading = (observed: Observed) => ({ observed, hasRun: true, formerGeneration: 1 })

it.each([
  ['the stop in between', 'stopping', { observed: 'stopped', formerGeneration: 1 }, undefined],
  ['the start from the next image', 'starting', { observed: 'running', formerGeneration: 1 }, 'upgraded'],
  ['the way back', 'starting', { observed: 'stopped', formerGeneration: null }, 'rolled_back'],
] as const)('tells of an upgrade: %s', (_what, observed, after, kind) => {
  expect(eventOfOutcome(upgrading(observed), { ...after, desired: 'awake', error: null })?.kind).toBe(kind)
})

it('tells of the way back after a crash', () => {
  const after = { observed: 'stopped', desired: 'awake', error: null, formerGeneration: null } as const
  expect(eventOfDrift(upgrading('running'), after)?.kind).toBe('rolled_back')
})
