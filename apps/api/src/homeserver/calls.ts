/** Tells instances that something waits for them at the homeserver, and wakes them for it. */
import type { MatrixCall } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { Log } from '../log.ts'
import type { CallRow, CallStore } from './calls-store.ts'

const GIVEN_UP_MS = 86_400_000

export interface CallsOptions {
  store: Pick<CallStore, 'finish' | 'postpone'>
  handOver: HandOver
  clock: Pick<Clock, 'now'>
  log: Log
}

/** One attempt. Rejects when the database is away: the lease then runs out. */
export const createCalls =
  ({ store, handOver, clock, log }: CallsOptions) =>
  async (row: CallRow, signal: AbortSignal): Promise<void> => {
    const call: MatrixCall = { person: row.forPerson, ai: row.forAi }
    try {
      const outcome = await handOver(row.instanceId, 'matrix', call, signal)
      // An image without a Matrix client: its people read elsewhere.
      if (outcome.kind === 'refused') log.info({ instance: row.instanceId }, outcome.words)
    } catch (error) {
      if (signal.aborted) throw error
      const isLate = clock.now() - row.since.getTime() > GIVEN_UP_MS
      log.warn(
        { err: error, instance: row.instanceId, attempts: row.attempts, isLate },
        'not told of a message',
      )
      // Nothing is lost: it is at the homeserver, for whenever the instance looks.
      if (!isLate) return store.postpone(row)
    }
    await store.finish(row)
  }
