/** The outcome of an action, as the row shows it. Pure. */
import { ACTION_STATES, type Action, type ErrorBody, type Step } from '@matrixos/shared'
import type { InstanceRow } from '../store.ts'
import type { ActionResult } from './actions.ts'
import { retryDelayMs } from './backoff.ts'
import type { Outcome } from './store.ts'

/** While the engine is away its return is what counts; this is for an api that does not notice it. */
const OUTAGE_RETRY_MS = 5_000

/** Restarts of what hangs again and again; after these it rests as failed. */
const MOST_RESTARTS = 3

/**
 * A start clears the error, but not the count of failures: what crashes again soon waits longer. A stop clears both,
 * unless it was that of an instance that hung.
 */
export function succeeded(row: InstanceRow, action: Action, done: ActionResult, now: number): Outcome {
  const hung = action === 'stop' ? hangOf(row) : null
  if (hung) return { ...stoppedHanging(row, now), error: hung, address: null }
  const failures = action === 'stop' ? 0 : row.failures
  const step =
    done.observed === 'running'
      ? 'ready'
      : action === 'create'
        ? 'container'
        : action === 'restore'
          ? 'unpack'
          : null
  // Made anew is not yet healthy: what went wrong, or why it is asleep, stays true until it starts.
  const error = action === 'create' ? row.error : null
  return {
    ...done,
    step,
    error,
    failures,
    nextAttemptAt: null,
    // What a creation had made of it is gone with an archive.
    ...(action === 'create' || action === 'archive' ? { doneSteps: [] } : {}),
    ...(done.observed === 'running' ? { startLimitMs: null } : {}),
  }
}

/** Why it is stopped, where that is a hang: only those are stopped while they are wanted awake and said to be ill. */
const hangOf = ({ desired, error }: InstanceRow): ErrorBody | null =>
  desired === 'awake' && error?.code === 'instance_unhealthy' ? error : null

function stoppedHanging({ failures }: InstanceRow, now: number) {
  const rests = failures > MOST_RESTARTS
  const waitMs = rests ? longestWaitMs({ failures }) : failures > 1 ? retryDelayMs(failures - 1) : 0
  return {
    observed: rests ? 'failed' : 'stopped',
    step: null,
    failures,
    nextAttemptAt: waitMs > 0 ? new Date(now + waitMs) : null,
  } as const
}

export interface Failure {
  row: InstanceRow
  action: Action
  error: ErrorBody
  /** The step that failed. */
  step: Step | null
  /** The engine is away: the instance has done nothing wrong. */
  isOutage: boolean
  /** Its wish has changed meanwhile, and need not wait for what the old one ran into. */
  isOver: boolean
  now: number
}

/** The longest that anything but a count of failures lets an instance wait. */
const LONGEST_PAUSE_MS = 60_000

/** Until the next attempt after a failure, whichever kind it was. */
export const longestWaitMs = ({ failures }: Pick<InstanceRow, 'failures'>): number =>
  Math.max(LONGEST_PAUSE_MS, retryDelayMs(failures))

export function failed({ row, action, error, step, isOutage, isOver, now }: Failure): Outcome {
  const failures = isOutage ? row.failures : row.failures + 1
  const waitMs = isOutage ? OUTAGE_RETRY_MS : retryDelayMs(failures)
  // It still runs, and answers: nothing that its owner should read of.
  if (action === 'pause')
    return {
      ...{ observed: ACTION_STATES[action].failed, step, error: null, failures, address: row.address },
      nextAttemptAt: isOver ? null : new Date(now + waitMs),
    }
  return {
    observed: ACTION_STATES[action].failed,
    step,
    error,
    failures,
    nextAttemptAt: isOver ? null : new Date(now + waitMs),
    address: null,
    // Something is in the way, or gone that a step had made: what was done is done again.
    ...(action === 'create' && error.code === 'conflict' ? { doneSteps: [] } : {}),
  }
}
