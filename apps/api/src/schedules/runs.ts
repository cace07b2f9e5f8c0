/**
 * Hands runs that are due to their instances. What was missed while the platform was down, or the instance did not take,
 * runs once, late, however many times have passed.
 */
import type { ScheduledRun } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { Log } from '../log.ts'
import type { ScheduleRow, ScheduleStore } from './store.ts'
import { plan } from './timing.ts'

const FIRST_RETRY_MS = 15_000
const LONGEST_RETRY_MS = 900_000
const GIVEN_UP_MS = 86_400_000
/** `2 ** attempts` would not end. */
const MOST_DOUBLINGS = 10

const GIVEN_UP = 'The run before could not be handed over for a day, and was left out.'

export interface RunsOptions {
  store: Pick<ScheduleStore, 'finish' | 'postpone'>
  handOver: HandOver
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createRuns({ store, handOver, clock, log }: RunsOptions) {
  async function finish(row: ScheduleRow, lastRunAt: Date | null, note: string | null): Promise<void> {
    // From now on, not from when it was due: what passed meanwhile does not run as well.
    const { next, problem } = plan(row.timing, new Date(clock.now()))
    await store.finish(row, { nextRunAt: next[0] ?? null, lastRunAt, problem: problem ?? note })
  }

  /** One attempt. Rejects when the database is away: the lease then runs out. */
  return async function hand(row: ScheduleRow, signal: AbortSignal): Promise<void> {
    const { instanceId, id, nextRunAt, attempts } = row
    if (!nextRunAt) return
    const dueAt = nextRunAt.toISOString()
    const run: ScheduledRun = { id: `${id}-${nextRunAt.getTime()}`, schedule: id, dueAt }
    try {
      const outcome = await handOver(instanceId, 'schedules', run, signal)
      const note = outcome.kind === 'refused' ? outcome.words : null
      await finish(row, note === null ? new Date(clock.now()) : row.lastRunAt, note)
    } catch (error) {
      if (signal.aborted) throw error
      const isLate = clock.now() - nextRunAt.getTime() > GIVEN_UP_MS
      log.warn({ err: error, instance: instanceId, schedule: id, attempts, isLate }, 'a run was not taken')
      // Given up only after attempts of its own: what a platform that was down for days missed runs once all the same.
      if (isLate && attempts > MOST_DOUBLINGS) return finish(row, row.lastRunAt, GIVEN_UP)
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, MOST_DOUBLINGS))
      await store.postpone(row, new Date(clock.now() + wait))
    }
  }
}
