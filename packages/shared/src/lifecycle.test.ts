import { describe, expect, it } from 'vitest'
import {
  ACTION_STATES,
  ACTIONS,
  canCommand,
  canRestart,
  DESIRED,
  type Desired,
  isSleepTier,
  NEXT_ACTION,
  nextAction,
  OBSERVED,
  type Observed,
  SLEEP_TIERS,
  STEPS,
  stepProgress,
  TIERS,
} from './lifecycle.ts'

/** Where each wish is fulfilled. */
const GOALS: Record<Desired, readonly Observed[]> = {
  awake: ['running'],
  // What does not run is not started to be paused, and what is archived is not unpacked for it.
  paused: ['paused', 'stopped', 'failed', 'archived'],
  asleep: ['stopped', 'failed', 'archived'],
  archived: ['archived'],
  leaving: ['creating', 'stopped', 'failed', 'archived'],
  deleted: ['gone'],
}

describe('the lifecycle table', () => {
  it.each(OBSERVED.flatMap((observed) => DESIRED.map((desired) => ({ observed, desired }))))(
    'leads from $observed to $desired',
    ({ observed, desired }) => {
      let state: Observed = observed
      for (let steps = 0; steps < 5; steps++) {
        const action = nextAction({ desired, observed: state })
        if (!action) break
        state = ACTION_STATES[action].done
      }
      const goals: readonly Observed[] = observed === 'gone' ? ['gone'] : GOALS[desired]
      expect(goals).toContain(state)
    },
  )

  it('has a row of every state for whatever can be wanted', () => {
    for (const row of Object.values(NEXT_ACTION))
      expect(Object.keys(row).sort()).toEqual([...OBSERVED].sort())
  })

  it.each(DESIRED)('has an action that ends where %s is fulfilled', (desired) => {
    const taken = new Set(OBSERVED.map((observed) => nextAction({ desired, observed })))
    const ends = ACTIONS.filter((action) => taken.has(action)).map((action) => ACTION_STATES[action].done)
    expect(ends.filter((observed) => GOALS[desired].includes(observed))).not.toEqual([])
  })

  it.each(ACTIONS)('begins %s anew from the state that it shows while it runs', (action) => {
    const observed = ACTION_STATES[action].during
    expect(DESIRED.map((desired) => nextAction({ desired, observed }))).toContain(action)
  })
})

it('finishes a stop that is under way, whichever tier is wanted by then', () => {
  for (const desired of TIERS) expect(nextAction({ desired, observed: 'stopping' })).toBe('stop')
})

it('orders the tiers from the readiest to the deepest; every one but the first is sleep, and a deletion is none', () => {
  expect(TIERS[0]).toBe('awake')
  expect(SLEEP_TIERS).toEqual(TIERS.slice(1))
  expect(DESIRED).toEqual([...TIERS, 'leaving', 'deleted'])
  expect(DESIRED.filter(isSleepTier)).toEqual(SLEEP_TIERS)
})

it('offers only commands that change something', () => {
  expect(canCommand('wake', { desired: 'asleep', observed: 'stopped' })).toBe(true)
  expect(canCommand('wake', { desired: 'awake', observed: 'running' })).toBe(false)
  expect(canCommand('wake', { desired: 'awake', observed: 'failed' })).toBe(true)
  expect(canCommand('sleep', { desired: 'awake', observed: 'running' })).toBe(true)
  expect(canCommand('sleep', { desired: 'awake', observed: 'starting' })).toBe(false)
  expect(canCommand('sleep', { desired: 'paused', observed: 'paused' })).toBe(true)
  expect(canCommand('sleep', { desired: 'paused', observed: 'stopped' })).toBe(false)
  expect(canCommand('wake', { desired: 'paused', observed: 'paused' })).toBe(true)
  expect(canCommand('delete', { desired: 'deleted', observed: 'stopping' })).toBe(false)
  expect(canCommand('wake', { desired: 'leaving', observed: 'stopped' })).toBe(false)
})

it('offers a restart of what runs, and of nothing that is to be deleted', () => {
  expect(OBSERVED.filter((observed) => canRestart({ desired: 'awake', observed }))).toEqual([
    'running',
    'paused',
  ])
  expect(canRestart({ desired: 'deleted', observed: 'running' })).toBe(false)
})

it('counts progress from nothing to all', () => {
  expect(Object.keys(STEPS).map((step) => stepProgress(step as keyof typeof STEPS))).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6].map((at) => at / 6),
  ])
})
