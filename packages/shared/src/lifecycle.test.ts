import { describe, expect, it } from 'vitest'
import {
  ACTION_STATES,
  canCommand,
  DESIRED,
  NEXT_ACTION,
  OBSERVED,
  STEPS,
  stepProgress,
} from './lifecycle.ts'

/** Where each wish is fulfilled. */
const GOALS = { awake: ['running'], asleep: ['stopped', 'paused', 'failed'], deleted: ['gone'] } as const

describe('the lifecycle table', () => {
  it.each(OBSERVED.flatMap((observed) => DESIRED.map((desired) => ({ observed, desired }))))(
    'leads from $observed to $desired',
    ({ observed, desired }) => {
      let state = observed
      for (let steps = 0; steps < 5; steps++) {
        const action = NEXT_ACTION[state][desired]
        if (!action) break
        state = ACTION_STATES[action].done
      }
      const goals: readonly string[] = observed === 'gone' ? ['gone'] : GOALS[desired]
      expect(goals).toContain(state)
    },
  )

  it('begins every action anew from the state it shows while it runs', () => {
    for (const [action, { during }] of Object.entries(ACTION_STATES)) {
      const desired = { create: 'awake', start: 'awake', stop: 'asleep', remove: 'deleted' } as const
      expect(NEXT_ACTION[during][desired[action as keyof typeof desired]]).toBe(action)
    }
  })
})

it('offers only commands that change something', () => {
  expect(canCommand('wake', { desired: 'asleep', observed: 'stopped' })).toBe(true)
  expect(canCommand('wake', { desired: 'awake', observed: 'running' })).toBe(false)
  expect(canCommand('wake', { desired: 'awake', observed: 'failed' })).toBe(true)
  expect(canCommand('sleep', { desired: 'awake', observed: 'running' })).toBe(true)
  expect(canCommand('sleep', { desired: 'awake', observed: 'starting' })).toBe(false)
  expect(canCommand('delete', { desired: 'deleted', observed: 'stopping' })).toBe(false)
})

it('counts progress from nothing to all', () => {
  expect(Object.keys(STEPS).map((step) => stepProgress(step as keyof typeof STEPS))).toEqual([
    0, 0.2, 0.4, 0.6, 0.8, 1,
  ])
})
