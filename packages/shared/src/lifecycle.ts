/**
 * The life of an instance as a table. `desired` is what the owner or the platform wants, `observed` what the
 * runtime last showed; the reconciler alone writes observed, and the table alone says what it does next.
 */
import { z } from 'zod'

export const DESIRED = ['awake', 'asleep', 'deleted'] as const
export const OBSERVED = [
  'creating',
  'stopped',
  'starting',
  'running',
  'paused',
  'stopping',
  'failed',
  'gone',
] as const
export const ACTIONS = ['create', 'start', 'stop', 'remove'] as const

export const desiredSchema = z.enum(DESIRED)
export const observedSchema = z.enum(OBSERVED)

export type Desired = (typeof DESIRED)[number]
export type Observed = (typeof OBSERVED)[number]
export type Action = (typeof ACTIONS)[number]

/** What the reconciler does for each pair; `null`: nothing left to do. Every action may be repeated. */
export const NEXT_ACTION: Record<Observed, Record<Desired, Action | null>> = {
  creating: { awake: 'create', asleep: 'create', deleted: 'remove' },
  stopped: { awake: 'start', asleep: null, deleted: 'remove' },
  starting: { awake: 'start', asleep: 'stop', deleted: 'remove' },
  running: { awake: null, asleep: 'stop', deleted: 'remove' },
  paused: { awake: 'start', asleep: null, deleted: 'remove' },
  stopping: { awake: 'stop', asleep: 'stop', deleted: 'remove' },
  failed: { awake: 'create', asleep: null, deleted: 'remove' },
  gone: { awake: null, asleep: null, deleted: null },
}

/** The states an action passes through: what observed reads while it runs, after it, and after it failed. */
export const ACTION_STATES: Record<Action, { during: Observed; done: Observed; failed: Observed }> = {
  create: { during: 'creating', done: 'stopped', failed: 'failed' },
  start: { during: 'starting', done: 'running', failed: 'failed' },
  stop: { during: 'stopping', done: 'stopped', failed: 'stopping' },
  remove: { during: 'stopping', done: 'gone', failed: 'failed' },
}

/** What an owner can ask for. The SPA disables its buttons with the same data that the api enforces. */
export const COMMANDS = { wake: 'awake', sleep: 'asleep', delete: 'deleted' } as const satisfies Record<
  string,
  Desired
>
export type Command = keyof typeof COMMANDS

/** Whether a command would change anything: a deletion is final, and nobody wakes what is already awake. */
export function canCommand(command: Command, state: { desired: Desired; observed: Observed }): boolean {
  if (state.desired === 'deleted' || state.observed === 'gone') return false
  if (command === 'wake') return state.desired !== 'awake' || state.observed === 'failed'
  if (command === 'sleep') return state.desired !== 'asleep' && state.observed === 'running'
  return true
}

/** The visible steps of making and waking an instance, in order, with the text a person reads. */
export const STEPS = {
  queued: 'Queued',
  home: 'Preparing your home',
  container: 'Building your computer',
  start: 'Starting it',
  health: 'Waiting for its first heartbeat',
  ready: 'Ready',
} as const
export type Step = keyof typeof STEPS
export const stepSchema = z.enum(Object.keys(STEPS) as [Step, ...Step[]])

/** Share of the way done, 0 to 1, for a progress bar. */
export const stepProgress = (step: Step): number =>
  Object.keys(STEPS).indexOf(step) / (Object.keys(STEPS).length - 1)
