/**
 * The life of an instance as tables. `desired` is what the owner or the platform wants, `observed` what the runtime
 * last showed; the reconciler alone writes observed, and the tables alone say what it does next.
 *
 * Another tier of sleep is a row of `NEXT_ACTION`, in its place between `awake` and `deleted`; its states and actions,
 * where they are new, are rows of `OBSERVED`, `ACTIONS` and `ACTION_STATES`. When it is due is the plan's to say.
 */
import { z } from 'zod'

export const OBSERVED = [
  'creating',
  'stopped',
  'starting',
  'running',
  'paused',
  'stopping',
  'failed',
  'archiving',
  'archived',
  'restoring',
  'gone',
] as const
export const ACTIONS = ['create', 'start', 'pause', 'stop', 'archive', 'restore', 'remove'] as const

export type Observed = (typeof OBSERVED)[number]
export type Action = (typeof ACTIONS)[number]

/**
 * A row for everything that can be wanted, from the readiest tier to the deepest, and what the reconciler does for it
 * in each state; `null`: nothing left to do. Every action may be repeated.
 */
export const NEXT_ACTION = {
  awake: {
    creating: 'create',
    stopped: 'start',
    starting: 'start',
    running: null,
    paused: 'start',
    stopping: 'stop',
    failed: 'create',
    archiving: 'restore',
    archived: 'restore',
    restoring: 'restore',
    gone: null,
  },
  /** Frozen where it is, its memory given back; what does not run is not started for it. */
  paused: {
    creating: 'create',
    stopped: null,
    starting: 'stop',
    running: 'pause',
    paused: null,
    stopping: 'stop',
    failed: null,
    archiving: 'archive',
    archived: null,
    restoring: 'restore',
    gone: null,
  },
  asleep: {
    creating: 'create',
    stopped: null,
    starting: 'stop',
    running: 'stop',
    paused: 'stop',
    stopping: 'stop',
    failed: null,
    archiving: 'archive',
    archived: null,
    restoring: 'restore',
    gone: null,
  },
  /** Its home is packed, and its container gone. */
  archived: {
    creating: 'archive',
    stopped: 'archive',
    starting: 'stop',
    running: 'stop',
    paused: 'stop',
    stopping: 'stop',
    failed: 'archive',
    archiving: 'archive',
    archived: null,
    restoring: 'restore',
    gone: null,
  },
  /** Its owner wants it gone, and may still take that back: it sleeps, and nobody but its owner's undo wakes it. */
  leaving: {
    creating: null,
    stopped: null,
    starting: 'stop',
    running: 'stop',
    paused: 'stop',
    stopping: 'stop',
    failed: null,
    archiving: 'archive',
    archived: null,
    restoring: 'restore',
    gone: null,
  },
  deleted: {
    creating: 'remove',
    stopped: 'remove',
    starting: 'remove',
    running: 'remove',
    paused: 'remove',
    stopping: 'remove',
    failed: 'remove',
    archiving: 'remove',
    archived: 'remove',
    restoring: 'remove',
    gone: null,
  },
} as const satisfies Record<string, Record<Observed, Action | null>>

export type Desired = keyof typeof NEXT_ACTION
/** On its way out, whether or not that can still be taken back. */
export const LEAVING = ['leaving', 'deleted'] as const satisfies Desired[]
type Leaving = (typeof LEAVING)[number]
/** What an instance can be kept in. A deletion is none: nobody gets there by idling. */
export type Tier = Exclude<Desired, Leaving>
export type SleepTier = Exclude<Tier, 'awake'>

export const DESIRED = Object.keys(NEXT_ACTION) as [Desired, ...Desired[]]
/** Whether its owner has deleted it: to everybody else it is gone already. */
export const isLeaving = (desired: Desired): desired is Leaving =>
  desired === 'leaving' || desired === 'deleted'
export const TIERS = DESIRED.filter((desired): desired is Tier => !isLeaving(desired))
export const SLEEP_TIERS = TIERS.filter((tier): tier is SleepTier => tier !== 'awake')

export const desiredSchema = z.enum(DESIRED)
export const observedSchema = z.enum(OBSERVED)

/** What the reconciler does next; `null`: nothing left to do. */
export const nextAction = ({ desired, observed }: { desired: Desired; observed: Observed }): Action | null =>
  NEXT_ACTION[desired][observed]

/** Whether that is a tier of sleep, whichever: a visit ends it. */
export const isSleepTier = (desired: Desired): desired is SleepTier =>
  desired !== 'awake' && !isLeaving(desired)

/** The states an action passes through: what observed reads while it runs, after it, and after it failed. */
export const ACTION_STATES: Record<Action, { during: Observed; done: Observed; failed: Observed }> = {
  create: { during: 'creating', done: 'stopped', failed: 'failed' },
  start: { during: 'starting', done: 'running', failed: 'failed' },
  // It answers until it is frozen, and whoever comes meanwhile is answered right after.
  pause: { during: 'running', done: 'paused', failed: 'running' },
  stop: { during: 'stopping', done: 'stopped', failed: 'stopping' },
  archive: { during: 'archiving', done: 'archived', failed: 'archiving' },
  // Its container is made anew after it. Until the home is there nothing else may begin: `failed` would make an empty one.
  restore: { during: 'restoring', done: 'creating', failed: 'restoring' },
  remove: { during: 'stopping', done: 'gone', failed: 'failed' },
}

/** Whether there is a container that has memory, and can be measured. */
export const isUp = ({ observed }: { observed: Observed }): boolean =>
  observed === 'running' || observed === 'paused'

/** What an owner can ask for. The SPA disables its buttons with the same data that the api enforces. */
export const COMMANDS = { wake: 'awake', sleep: 'asleep', delete: 'deleted' } as const satisfies Record<
  string,
  Desired
>
export type Command = keyof typeof COMMANDS

/** Whether a command would change anything: what leaves takes none, and nobody wakes what is already awake. */
export function canCommand(command: Command, state: { desired: Desired; observed: Observed }): boolean {
  if (isLeaving(state.desired) || state.observed === 'gone') return false
  if (command === 'wake') return state.desired !== 'awake' || state.observed === 'failed'
  if (command === 'sleep')
    return (
      (state.desired === 'awake' && state.observed === 'running') ||
      (state.desired === 'paused' && (state.observed === 'running' || state.observed === 'paused'))
    )
  return true
}

/** Whether there is something to stop and start again; what does not run is woken. */
export const canRestart = ({ desired, observed }: { desired: Desired; observed: Observed }): boolean =>
  desired !== 'deleted' && (observed === 'running' || observed === 'paused')

/** The visible steps of making and waking an instance, in order, with the text a person reads. */
export const STEPS = {
  queued: 'Queued',
  unpack: 'Unpacking your files',
  home: 'Preparing your home',
  container: 'Building your computer',
  start: 'Starting it',
  health: 'Waiting for its first heartbeat',
  ready: 'Ready',
} as const
export type Step = keyof typeof STEPS
/** Those of a computer that is new: nothing of it was packed away. */
export const FIRST_START_STEPS: readonly Step[] = (Object.keys(STEPS) as Step[]).filter(
  (step) => step !== 'unpack',
)
export const stepSchema = z.enum(Object.keys(STEPS) as [Step, ...Step[]])

/** Share of the way done, 0 to 1, for a progress bar. */
export const stepProgress = (step: Step): number =>
  Object.keys(STEPS).indexOf(step) / (Object.keys(STEPS).length - 1)

/** Days before a computer is packed away on which its owner is told. */
export const ARCHIVE_NOTICE_DAYS = [14, 7, 1] as const
const DAY_MS = 86_400_000

/** Whether an owner is told by now; a plan whose whole time is short gives short notice. Times in milliseconds. */
export const isArchivedSoon = (afterMs: number, leftMs: number): boolean =>
  leftMs > 0 && ARCHIVE_NOTICE_DAYS.some((days) => 2 * days * DAY_MS <= afterMs && leftMs <= days * DAY_MS)
