/** What a change of an instance's row tells of, for its timeline. Pure. */
import type { InstanceEventKind } from '@matrixos/shared'
import type { InstanceRow } from '../store.ts'
import { FIRST_START } from './store.ts'

export interface RowEvent {
  kind: InstanceEventKind
  detail: string | null
}

type Before = Pick<InstanceRow, 'observed' | 'hasRun' | 'formerGeneration'>
type After = Pick<InstanceRow, 'observed' | 'error' | 'desired' | 'formerGeneration'>

const isUp = ({ observed }: Pick<InstanceRow, 'observed'>) => observed === 'running' || observed === 'paused'

/** What came of an action. `null`: nothing to tell. */
export function eventOfOutcome(before: Before, after: After): RowEvent | null {
  if (before.formerGeneration !== null) return eventOfUpgrade(before, after)
  if (before.observed === 'starting' && after.observed === 'running')
    return { kind: 'woke', detail: before.hasRun ? null : FIRST_START }
  if (before.observed === 'stopping' && after.observed === 'stopped')
    return after.desired === 'awake'
      ? { kind: 'restarted', detail: after.error?.code ?? null }
      : { kind: 'slept', detail: null }
  if (before.observed === 'running' && after.observed === 'paused') return { kind: 'paused', detail: null }
  if (before.observed === 'archiving' && after.observed === 'archived')
    return { kind: 'archived', detail: null }
  if (before.observed === 'restoring' && after.observed === 'creating')
    return { kind: 'restored', detail: null }
  const isFailure = after.observed === 'failed' || after.observed === 'stopping'
  return isFailure && after.error ? { kind: 'failed', detail: after.error.code } : null
}

/** Between two images it stops and starts as in no other case: nobody put it to sleep. */
function eventOfUpgrade(before: Before, after: After): RowEvent | null {
  if (after.formerGeneration === null) return { kind: 'rolled_back', detail: null }
  if (before.observed === 'starting' && after.observed === 'running')
    return { kind: 'upgraded', detail: null }
  return after.observed === 'failed' && after.error ? { kind: 'failed', detail: after.error.code } : null
}

/** What the runtime showed without anybody's doing. `null`: nothing to tell. */
export function eventOfDrift(before: Before, after: After): RowEvent | null {
  if (before.formerGeneration !== null && after.formerGeneration === null)
    return { kind: 'rolled_back', detail: null }
  if (!isUp(before) || isUp(after) || after.observed !== 'stopped') return null
  // What ends while nobody uses it is let sleep, and what the platform stopped is no crash either.
  return after.error && after.desired === 'awake'
    ? { kind: 'crashed', detail: after.error.code }
    : { kind: 'slept', detail: null }
}
