/**
 * Makes observed follow desired, one instance at a time, as the lifecycle table says. Everything here may be killed
 * at any point: the lease runs out, and the next process does the same step again.
 */
import { type Action, type InstanceId, nextAction } from '@matrixos/shared'
import { isDatabaseAway } from '../../errors.ts'
import type { InstanceRow } from '../store.ts'
import { type Admission, WAITS_FOR_MEMORY } from './admission.ts'
import { createAttempts } from './attempt.ts'
import { retryDelayMs } from './backoff.ts'
import { createCourtesy } from './courtesy.ts'
import { createPerform, type PerformOptions } from './perform.ts'
import { createRowWaits } from './row-waits.ts'
import { createSchedule } from './schedule.ts'
import { LEASE_MS } from './store.ts'
import { createThaws } from './thaws.ts'
import type { WaitingLine } from './waiting-line.ts'

export interface ReconcilerOptions extends Omit<PerformOptions, 'courtesy' | 'thaws'> {
  admission: Pick<Admission, 'admit'>
  line: Pick<WaitingLine, 'isItsTurn'>
  /** Milliseconds since 1970. */
  lastUsedAt: (id: InstanceId) => number
}

/** Whoever used an instance this long ago may still be waiting for it. */
const VISIT_MS = 60_000
/** Between two looks for free memory. */
const ROOM_RETRY_MS = 1_000

/** Whether somebody may be waiting for it. */
export const isVisitedBy =
  ({ clock, lastUsedAt }: Pick<ReconcilerOptions, 'clock' | 'lastUsedAt'>) =>
  ({ id }: Pick<InstanceRow, 'id'>): boolean =>
    clock.now() - lastUsedAt(id) < VISIT_MS

export type Reconciler = ReturnType<typeof createReconciler>

export function createReconciler(options: ReconcilerOptions) {
  const { store, cache, lanes, admission, line, processId, clock, log } = options
  const schedule = createSchedule({ settle, clock, onError })
  const waitBefore = createRowWaits({ cache, processId, clock })
  const isVisited = isVisitedBy(options)
  const courtesy = createCourtesy()
  const thaws = createThaws({ runtime: options.runtime, monotonic: clock.monotonic })
  const perform = createPerform({ ...options, courtesy, thaws })
  const attempt = createAttempts({ ...options, perform, courtesy, isVisited })

  function onError(error: unknown, id: InstanceId, failures: number): number {
    log.error({ err: error, instance: id }, 'reconcile failed; retrying')
    return retryDelayMs(isDatabaseAway(error) ? 1 : failures)
  }

  /** Resolves with milliseconds until another look, or `null` when there is nothing to do. */
  async function settle(id: InstanceId, isClosed: () => boolean): Promise<number | null> {
    while (!isClosed()) {
      const row = cache.get(id)
      const action = row && nextAction(row)
      if (!row || !action) return null
      const wait = waitBefore(row)
      if (wait > 0) return wait
      if (!(await isAdmitted(row, action))) return ROOM_RETRY_MS
      if (!(await attempt(row, action, isClosed))) return LEASE_MS
    }
    return null
  }

  /** What was starting already has its room. */
  async function isAdmitted(row: InstanceRow, action: Action): Promise<boolean> {
    if (action !== 'start' || row.observed !== 'stopped') return true
    if (line.isItsTurn(row) && (await admission.admit(row, isVisited(row)))) return true
    if (row.error?.message !== WAITS_FOR_MEMORY.message) {
      const { observed } = row
      const waiting = { observed, step: 'queued', error: WAITS_FOR_MEMORY } as const
      cache.publish(await store.observe(row, waiting))
    }
    return false
  }

  return {
    enqueue: schedule.enqueue,
    /** Somebody waits for it. */
    promote: lanes.promote,
    /** They are let in; its start follows. */
    thaw: thaws.begin,
    enqueueAll: () => {
      for (const row of cache.all()) schedule.enqueue(row.id)
    },
    /** Waits for the actions under way; starts no other. */
    close: schedule.close,
  }
}
