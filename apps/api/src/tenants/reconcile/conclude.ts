/** Writes what came of an action to the row, and gives the lease back with it. */
import { type Action, type ErrorBody, isLeaving, type Step } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { type AppError, toAppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { Serving } from '../serving.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import type { EngineWatch } from './engine-watch.ts'
import { failureBody } from './failure-text.ts'
import { goBack, isOfTheImage } from './go-back.ts'
import { failed } from './outcome.ts'
import { recordFailure } from './record-failure.ts'
import type { Outcome } from './store.ts'

export interface ConcludeOptions {
  store: Pick<TenantStore, 'finish'>
  cache: InstanceCache
  serving: Pick<Serving, 'announce'>
  engine: Pick<EngineWatch, 'isAway'>
  /** Told of what does not run after an upgrade, and has the image before again. */
  wentBack: (row: InstanceRow, why: ErrorBody) => void
  processId: string
  clock: Clock
  log: Log
}

export function createConclude(options: ConcludeOptions) {
  const { store, cache, serving, engine, processId, clock, log } = options
  async function finish(row: InstanceRow, outcome: Outcome): Promise<void> {
    const serves = outcome.observed === 'running' && outcome.address
    const withdraw = serves ? serving.announce(row.id, serves) : undefined
    const written = await recordFailure(
      outcome,
      (what) => store.finish(row, processId, what),
      (error) => log.error({ err: error, instance: row.id }, 'failed to record a failure'),
    ).finally(withdraw)
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
    const back = action === 'remove' || !isOfTheImage(known.code) ? null : goBack(row)
    if (back) {
      options.wentBack(row, failureBody(known))
      return back
    }
    const isOutage = known.code === 'engine_down' && (await engine.isAway())
    const wish = cache.get(id)?.desired
    const isOver = action !== 'remove' && wish !== undefined && isLeaving(wish)
    return failed({ row, action, step, error: failureBody(known), isOutage, isOver, now: clock.now() })
  }

  return { finish, failure }
}
