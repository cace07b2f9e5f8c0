/** What a visitor of an instance needs of it, whoever that is: the gate has decided that they may come. */
import { handleProblem, type InstanceId, isSleepTier, type UserId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { InstanceCache } from './cache.ts'
import type { Reconciler } from './reconcile/reconciler.ts'
import type { Serving } from './serving.ts'
import type { InstanceRow, TenantStore } from './store.ts'
import { waitForRow, watchRow } from './wait.ts'

export interface VisitsOptions {
  store: Pick<TenantStore, 'keepAwake' | 'byHandle'>
  cache: InstanceCache
  serving: Pick<Serving, 'view' | 'carefulView'>
  reconciler: Pick<Reconciler, 'promote' | 'thaw'>
  /** Notes that somebody uses an instance. */
  touch: (id: InstanceId) => void
  clock: Pick<Clock, 'now'>
  /** Takes a row that was just written, and sees to it. */
  accept: (row: InstanceRow) => InstanceRow
  /** Wakes of one person. */
  wakeLimit: Pick<AttemptLimit, 'check' | 'take'>
}

export interface Visit {
  /** `false`: the platform wants it awake, which is nobody's use of it. */
  isUse?: boolean
  /** Whose wake it is, if a person's. */
  by?: UserId | null
}

/** Between two attempts that visits ask for while the engine is away. */
const OUTAGE_ATTEMPT_MS = 1_000
/** Counts a wake that has been written: who comes at once with others is not the one who woke it. */
export async function countWake(limit: Pick<AttemptLimit, 'take'>, by: UserId): Promise<void> {
  // Those who were let in together may be more than are allowed; the next ones are refused.
  await limit.take(by).catch(() => undefined)
}

/** How often somebody who watches an instance wake counts as its visitor. */
const WATCH_TOUCH_MS = 10_000

export function createVisits(options: VisitsOptions) {
  const { store, cache, serving, reconciler, touch, clock, accept, wakeLimit } = options
  return {
    /**
     * A visit wants it awake, before anything that nobody waits for. Writes only when that is news. Throws
     * `too_many_requests` for a person who has woken too much.
     */
    async ensureAwake(id: InstanceId, { isUse = true, by = null }: Visit = {}): Promise<void> {
      reconciler.promote(id)
      const row = cache.get(id)
      if (!row || row.isSuspended) return
      const retry = canRetry(row, clock.now())
      const isAsleep = isSleepTier(row.desired)
      if (!isAsleep && row.closingAt === null && !retry) return
      if (isAsleep && by) await wakeLimit.check(by)
      reconciler.thaw(row)
      const written = await store.keepAwake(id, { retry, isUse })
      if (!written) return void (await cache.reloadOne(id))
      accept(written)
      if (isAsleep && by) await countWake(wakeLimit, by)
    },

    /** By handle, from the database: another process may have made it a moment ago. */
    async find(handle: string): Promise<InstanceRow | undefined> {
      if (handleProblem(handle)) return undefined
      const row = await store.byHandle(handle)
      if (row) cache.upsert(row)
      return row ?? undefined
    },

    /**
     * The row as soon as `when` accepts it, or as it is about to be written; `null` when `signal` aborts first or the instance is
     * removed. `isCareful`: not before it has answered, whatever the engine is likely to do.
     */
    waitFor: (
      id: InstanceId,
      when: (row: InstanceRow) => boolean,
      signal: AbortSignal,
      { isCareful = false } = {},
    ) => waitForRow(isCareful ? serving.carefulView : serving.view, id, when, signal),

    /** The row now and after each change, for a visitor who waits; ends when the instance is gone. */
    async *rows(id: InstanceId, signal: AbortSignal): AsyncGenerator<InstanceRow> {
      const timer = setInterval(touch, WATCH_TOUCH_MS, id)
      try {
        yield* watchRow(cache, id, signal)
      } finally {
        clearInterval(timer)
      }
    },
  }
}

/** An outage is not the instance's fault: a visit tries again at once, if the last attempt is not just over. */
const canRetry = (row: InstanceRow, now: number): boolean =>
  row.desired === 'awake' &&
  row.observed === 'failed' &&
  row.error?.code === 'engine_down' &&
  row.nextAttemptAt !== null &&
  now - row.observedAt.getTime() >= OUTAGE_ATTEMPT_MS
