/**
 * Makes observed follow desired, one instance at a time, as the lifecycle table says. Everything here may be killed
 * at any point: the lease runs out, and the next process does the same step again.
 */
import { ACTION_STATES, type Action, type InstanceId, nextAction, type Step } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError, isDatabaseAway, toAppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { InstanceSpec, Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { type InstanceRow, LEASE_MS, type Outcome, type TenantStore } from '../store.ts'
import { ACT, type ActionResult, FIRST_STEP } from './actions.ts'
import { type Admission, WAITS_FOR_MEMORY } from './admission.ts'
import { retryDelayMs } from './backoff.ts'
import type { EngineWatch } from './engine-watch.ts'
import { failureBody } from './failure-text.ts'
import type { Lanes } from './lanes.ts'
import { failed, succeeded } from './outcome.ts'
import { recordFailure } from './record-failure.ts'
import { createRowWaits } from './row-waits.ts'
import { createSchedule } from './schedule.ts'
import { type InstanceSteps, takeSteps } from './steps.ts'

export interface ReconcilerOptions {
  store: TenantStore
  cache: InstanceCache
  runtime: Runtime
  steps: InstanceSteps
  engine: Pick<EngineWatch, 'isAway'>
  lanes: Lanes
  admission: Pick<Admission, 'admit'>
  /** Milliseconds since 1970. */
  lastUsedAt: (id: InstanceId) => number
  /** Asks the database. */
  specOf: (row: InstanceRow) => Promise<InstanceSpec>
  processId: string
  clock: Clock
  log: Log
  quarantineMs: number
}

/** What is left of an action once the engine has done its part. */
type Rest = () => Promise<void>

/** Whoever used an instance this long ago may still be waiting for it. */
const VISIT_MS = 60_000
/** Between two looks for free memory. */
const ROOM_RETRY_MS = 1_000

export type Reconciler = ReturnType<typeof createReconciler>

export function createReconciler(options: ReconcilerOptions) {
  const { store, cache, runtime, steps, engine, lanes, admission, specOf, processId, clock, log } = options
  const schedule = createSchedule({ settle, clock, onError })
  const waitBefore = createRowWaits({ cache, processId, clock })

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

  const isVisited = ({ id }: InstanceRow): boolean => clock.now() - options.lastUsedAt(id) < VISIT_MS

  /** What was starting already has its room. */
  async function isAdmitted(row: InstanceRow, action: Action): Promise<boolean> {
    if (action !== 'start' || row.observed !== 'stopped') return true
    if (await admission.admit(row, isVisited(row))) return true
    if (row.error?.message !== WAITS_FOR_MEMORY.message) {
      const { observed } = row
      const waiting = { observed, step: 'queued', error: WAITS_FOR_MEMORY } as const
      cache.publish(await store.observe(row, waiting))
    }
    return false
  }

  /** `false`: another process holds the lease. A row that changed meanwhile is looked at again. */
  async function attempt(row: InstanceRow, action: Action, isClosed: () => boolean): Promise<boolean> {
    let heartbeat: NodeJS.Timeout | undefined
    // Asked no earlier than here: whoever comes from now on promotes it.
    const request = { id: row.id, action, isVisited: isVisited(row) }
    try {
      const rest = await lanes.run(request, async () => {
        const leased = isClosed() ? null : await begin(row, action)
        if (!leased) return null
        heartbeat = setInterval(() => void extend(row.id), LEASE_MS / 3)
        return action === 'remove' ? await remove(leased) : await act(leased, action)
      })
      if (rest) await rest()
      return rest !== null || isClosed() || (await hasChanged(row))
    } finally {
      clearInterval(heartbeat)
    }
  }

  async function begin(row: InstanceRow, action: Action): Promise<InstanceRow | null> {
    const during = { observed: ACTION_STATES[action].during, step: FIRST_STEP[action] }
    const hadToWait = action === 'start' && row.error?.code === 'capacity'
    // What is stopped is made anew with another token; what may be running has the one that it was made with.
    const isRenewed = action === 'start' && row.observed === 'stopped' && row.tokenGeneration === 0
    const shown = {
      ...during,
      ...(hadToWait ? { error: null } : {}),
      ...(isRenewed ? { tokenGeneration: 1 } : {}),
    }
    return cache.publish(await store.begin(row, processId, shown))
  }

  async function hasChanged(row: InstanceRow): Promise<boolean> {
    const before = cache.get(row.id)?.version
    await cache.reloadOne(row.id)
    return cache.get(row.id)?.version !== before || before !== row.version
  }

  const extend = (id: InstanceId) =>
    store
      .extendLease(id, processId)
      .catch((error: unknown) => log.warn({ err: error }, 'failed to extend the lease'))

  /** Without the lease nothing is recorded, and no other step begins. */
  const record =
    ({ id }: InstanceRow) =>
    async (doneStep: string): Promise<void> => {
      if (await store.recordStep(id, processId, doneStep)) return
      throw new AppError('conflict', 'Another process of the platform works on this computer.')
    }

  /** The engine's part; what it resolves with is done without a place in a lane. */
  async function act(row: InstanceRow, action: Exclude<Action, 'remove'>): Promise<Rest> {
    const unwanted = new AbortController()
    const forget = cache.onChange((change) => {
      if (change.row.id === row.id && change.row.desired !== 'awake') unwanted.abort()
    })
    let step = FIRST_STEP[action]
    const onStep = (next: Step) => {
      step = next
      void store
        .showStep(row.id, processId, next)
        .then(cache.publish)
        .catch((error: unknown) => log.warn({ err: error }, 'failed to publish a step'))
    }
    const stop = () => lanes.run({ id: row.id, action: 'stop', isVisited: false }, () => runtime.stop(row.id))
    const conclude = async (done: () => Promise<ActionResult>) => {
      const outcome = await done()
        .then(
          (what) => succeeded(row, action, what),
          (error: unknown) => failure(row, action, step, error),
        )
        .finally(forget)
      await finish(row, outcome)
    }
    try {
      const spec = await specOf(row)
      const left = () => takeSteps({ steps, action: 'create', row, onStep, record: record(row) })
      const context = { runtime, row, spec, takeSteps: left, onStep, unwanted: unwanted.signal, stop }
      const rest = await ACT[action](context)
      return () => conclude(rest)
    } catch (error) {
      // Nobody's failure: the same step is done again once the database answers.
      if (isDatabaseAway(error)) {
        forget()
        throw error
      }
      return () => conclude(() => Promise.reject(error))
    }
  }

  /** All steps first, then the account: a kill in between leaves a row that asks for the rest. */
  async function remove(row: InstanceRow): Promise<Rest> {
    try {
      await takeSteps({ steps, action: 'remove', row, record: record(row) })
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      return async () => finish(row, await failure(row, 'remove', null, error))
    }
    return async () => {
      await store.removeAccount(row, new Date(clock.now() + options.quarantineMs))
      cache.evict(row.id)
    }
  }

  async function finish(row: InstanceRow, outcome: Outcome): Promise<void> {
    const written = await recordFailure(
      outcome,
      (what) => store.finish(row.id, processId, what),
      (error) => log.error({ err: error, instance: row.id }, 'failed to record a failure'),
    )
    if (!cache.publish(written)) await cache.reloadOne(row.id)
  }

  async function failure(
    row: InstanceRow,
    action: Action,
    step: Step | null,
    error: unknown,
  ): Promise<Outcome> {
    const known: AppError = toAppError(error)
    const { id, handle } = row
    log.warn({ err: error, instance: id, handle, action, code: known.code }, 'action failed')
    const isOutage = known.code === 'engine_down' && (await engine.isAway())
    const isOver = action !== 'remove' && cache.get(id)?.desired === 'deleted'
    return failed({ row, action, step, error: failureBody(known), isOutage, isOver, now: clock.now() })
  }

  return {
    enqueue: schedule.enqueue,
    /** Somebody waits for it. */
    promote: lanes.promote,
    enqueueAll: () => {
      for (const row of cache.all()) schedule.enqueue(row.id)
    },
    /** Waits for the actions under way; starts no other. */
    close: schedule.close,
  }
}
