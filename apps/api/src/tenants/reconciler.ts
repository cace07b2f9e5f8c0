/**
 * Makes observed follow desired, one instance at a time, as the lifecycle table says. Everything here may be killed
 * at any point: the lease runs out, and the next process does the same step again.
 */
import { ACTION_STATES, type Action, type InstanceId, NEXT_ACTION } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Clock } from '../clock.ts'
import { type AppError, toAppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { InstanceSpec, Runtime } from '../ports/runtime.ts'
import { ACT, type Done, FIRST_STEP } from './actions.ts'
import { retryDelayMs } from './backoff.ts'
import type { InstanceMirror } from './mirror.ts'
import { type InstanceRow, LEASE_MS, type Outcome, type TenantStore } from './store.ts'

export interface ReconcilerOptions {
  store: TenantStore
  mirror: InstanceMirror
  runtime: Runtime
  specOf: (row: InstanceRow) => InstanceSpec
  processId: string
  clock: Clock
  log: Log
  /** Makes, starts and stops at once, each. */
  concurrency: number
  quarantineMs: number
}

export type Reconciler = ReturnType<typeof createReconciler>

export function createReconciler(options: ReconcilerOptions) {
  const { store, mirror, runtime, specOf, processId, clock, log } = options
  const busy = new Map<InstanceId, Promise<void>>()
  const again = new Set<InstanceId>()
  const timers = new Map<InstanceId, NodeJS.Timeout>()
  // Lanes of their own: a slow stop or a slow creation never delays a wake.
  const lanes = {
    create: pLimit(options.concurrency),
    start: pLimit(options.concurrency),
    stop: pLimit(options.concurrency),
  }
  let closed = false

  /** Asks for a look at one instance; looks at the same instance never overlap in this process. */
  function kick(id: InstanceId): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
    if (closed) return
    if (busy.has(id)) {
      again.add(id)
      return
    }
    const run = settle(id)
      .catch((error: unknown) => {
        log.error({ err: error, instance: id }, 'reconciling failed; trying again')
        later(id, retryDelayMs(1))
      })
      .finally(() => {
        busy.delete(id)
        if (again.delete(id)) kick(id)
      })
    busy.set(id, run)
  }

  function later(id: InstanceId, ms: number): void {
    clearTimeout(timers.get(id))
    if (!closed) timers.set(id, setTimeout(kick, ms, id).unref())
  }

  async function settle(id: InstanceId): Promise<void> {
    while (!closed) {
      const row = mirror.get(id)
      const action = row && NEXT_ACTION[row.observed][row.desired]
      if (!row || !action) return
      const wait = waitBefore(row)
      if (wait > 0) return later(id, wait)
      const lane = action === 'remove' ? lanes.stop : lanes[action]
      if (!(await lane(() => attempt(row, action)))) return later(id, LEASE_MS)
    }
  }

  /** Never longer than was meant at first, also when this clock is behind the one that set the time. */
  function waitBefore(row: InstanceRow): number {
    const left = (until: Date | null, mostMs: number) =>
      until ? Math.min(mostMs, until.getTime() - clock.now()) : 0
    const isLeased = row.leaseOwner !== null && row.leaseOwner !== processId
    const leased = isLeased ? left(row.leaseUntil, LEASE_MS) + 50 : 0
    return Math.max(0, leased, left(row.nextAttemptAt, retryDelayMs(row.failures)))
  }

  /** `false`: another process holds the lease. A row that changed meanwhile is looked at again. */
  async function attempt(row: InstanceRow, action: Action): Promise<boolean> {
    if (closed) return true
    const during = { observed: ACTION_STATES[action].during, step: FIRST_STEP[action] }
    const leased = mirror.apply(await store.begin(row, processId, during))
    if (!leased) {
      const before = mirror.get(row.id)?.version
      await mirror.reloadOne(row.id)
      return mirror.get(row.id)?.version !== before || before !== row.version
    }
    const heartbeat = setInterval(() => void extend(row.id), LEASE_MS / 3)
    try {
      if (action === 'remove') await remove(leased)
      else await act(leased, action)
    } finally {
      clearInterval(heartbeat)
    }
    return true
  }

  const extend = (id: InstanceId) =>
    store.extendLease(id, processId).catch((error: unknown) => log.warn({ err: error }, 'lease not extended'))

  async function act(row: InstanceRow, action: Exclude<Action, 'remove'>): Promise<void> {
    const unwanted = new AbortController()
    const forget = mirror.onChange((change) => {
      if (change.row.id === row.id && change.row.desired !== 'awake') unwanted.abort()
    })
    const onStep = (step: Parameters<Parameters<typeof ACT.start>[0]['onStep']>[0]) =>
      void store
        .showStep(row.id, processId, step)
        .then(mirror.apply)
        .catch((error: unknown) => log.warn({ err: error }, 'a step was not shown'))
    const context = { runtime, row, spec: specOf(row), onStep, unwanted: unwanted.signal }
    const outcome = await ACT[action](context)
      .then(
        (done) => succeeded(row, action, done),
        (error: unknown) => failed(row, action, report(error, row, action)),
      )
      .finally(forget)
    await finish(row, outcome)
  }

  /** Home and container first, then the account: a kill between the two leaves a row that asks for the same again. */
  async function remove(row: InstanceRow): Promise<void> {
    try {
      await runtime.remove(row.id, row.handle)
    } catch (error) {
      return finish(row, failed(row, 'remove', report(error, row, 'remove')))
    }
    await store.removeAccount(row, new Date(clock.now() + options.quarantineMs))
    mirror.remove(row.id)
  }

  async function finish(row: InstanceRow, outcome: Outcome): Promise<void> {
    const written = mirror.apply(await store.finish(row.id, processId, outcome))
    if (!written) await mirror.reloadOne(row.id)
  }

  function report(error: unknown, row: InstanceRow, action: Action): AppError {
    const known = toAppError(error)
    log.warn(
      { err: error, instance: row.id, handle: row.handle, action, code: known.code },
      'an action failed',
    )
    return known
  }

  function failed(row: InstanceRow, action: Action, error: AppError): Outcome {
    const failures = row.failures + 1
    // A wish that came meanwhile need not wait for what the old one ran into.
    const isOver = action !== 'remove' && mirror.get(row.id)?.desired === 'deleted'
    const nextAttemptAt = isOver ? null : new Date(clock.now() + retryDelayMs(failures))
    return {
      observed: ACTION_STATES[action].failed,
      step: null,
      error: error.toBody(),
      failures,
      nextAttemptAt,
      address: null,
    }
  }

  return {
    kick,
    kickAll: () => {
      for (const row of mirror.all()) kick(row.id)
    },
    /** Waits for the actions under way; starts no other. */
    async close(): Promise<void> {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(busy.values())
    },
  }
}

/** A start clears the error, but not the count of failures: what crashes again soon waits longer. A stop clears both. */
function succeeded(row: InstanceRow, action: Action, done: Done): Outcome {
  const failures = action === 'stop' ? 0 : row.failures
  const step = done.observed === 'running' ? 'ready' : action === 'create' ? 'container' : null
  return { ...done, step, error: null, failures, nextAttemptAt: null }
}
