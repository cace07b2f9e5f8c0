/** Checks periodically whether instances are isolated; if they are not, stops all running ones and says so. */
import type { InstanceId } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { TenantStore } from '../store.ts'

/** Shorter than usual: until an instance has ended, its neighbours can reach it. */
const STOP_GRACE_S = 2
const STOP_CONCURRENCY = 16
const REASON = 'isolation_broken'
/** When an instance is tried again by itself; sooner when isolation holds again. */
const RETRY_MS = 60_000

export interface IsolationGuardOptions {
  runtime: Pick<Runtime, 'verifyIsolation' | 'list' | 'stop'>
  store: Pick<TenantStore, 'observe' | 'retryAll'>
  cache: Pick<InstanceCache, 'get' | 'all' | 'publish'>
  /** Takes what other processes have found. */
  takeVerdict: () => Promise<void>
  clock: Pick<Clock, 'now'>
  log: Log
}

export type IsolationGuard = ReturnType<typeof createIsolationGuard>

export function createIsolationGuard(options: IsolationGuardOptions) {
  const { runtime, store, cache, takeVerdict, clock, log } = options
  let state: 'unknown' | 'held' | 'broken' = 'unknown'
  let broken: string | null = null

  /** The owner is told at once; a database that is away must not keep an instance running. */
  async function stopOne(id: InstanceId, reason: AppError): Promise<void> {
    const row = cache.get(id)
    const [told, stopped] = await Promise.allSettled([
      row && tell(row, reason),
      runtime.stop(id, { graceS: STOP_GRACE_S }),
    ])
    if (told.status === 'rejected') log.warn({ err: told.reason, instance: id }, 'failed to notify the owner')
    if (stopped.status === 'rejected')
      log.error({ err: stopped.reason, instance: id }, 'failed to stop an instance that others can reach')
  }

  async function tell(row: Parameters<TenantStore['observe']>[0], reason: AppError): Promise<void> {
    const failed = { observed: 'failed', step: null, address: null, error: reason.toBody() } as const
    const nextAttemptAt = new Date(clock.now() + RETRY_MS)
    cache.publish(await store.observe(row, { ...failed, nextAttemptAt }))
  }

  async function stopAll(reason: AppError): Promise<void> {
    broken = reason.cause instanceof Error ? reason.cause.message : reason.message
    // An instance without isolation has none to lose: whoever runs such instances chose so.
    const running = (await runtime.list()).filter(
      ({ status, isolation }) => status === 'running' && isolation !== 'none',
    )
    if (state !== 'broken' || running.length > 0) {
      log.error(
        { err: reason, running: running.length },
        'instances can reach each other: stopping all running ones',
      )
    }
    state = 'broken'
    const limit = pLimit(STOP_CONCURRENCY)
    const ids = new Set(running.map(({ id }) => id))
    await Promise.all([...ids].map((id) => limit(() => stopOne(id, reason))))
  }

  /** What was stopped, by this process or the one before, need not wait for its next attempt. */
  async function resume(): Promise<void> {
    if (state === 'broken') log.info('instances are isolated again')
    state = 'held'
    broken = null
    const isHeldBack = cache
      .all()
      .some(({ error, nextAttemptAt }) => error?.code === REASON && nextAttemptAt !== null)
    if (isHeldBack) for (const row of await store.retryAll(REASON)) cache.publish(row)
  }

  return {
    /** Why nothing runs, in words for the operator; `null`: instances are apart, as far as is known. */
    broken: () => broken,

    async check(): Promise<void> {
      await takeVerdict().catch((error: unknown) =>
        log.debug({ err: error }, 'could not read what the self-test of isolation found'),
      )
      const failure = await runtime.verifyIsolation().then(
        () => null,
        (error: unknown) => error,
      )
      if (failure === null) {
        if (state !== 'held') await resume()
      } else if (failure instanceof AppError && failure.code === 'isolation_broken') await stopAll(failure)
      // Otherwise the engine is away: nothing starts then, and the resync reports it.
    },
  }
}
