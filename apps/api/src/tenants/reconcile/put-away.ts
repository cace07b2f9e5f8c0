/**
 * Gives back what the host holds for homes of computers that rest: those that ended by themselves, and those that nobody
 * wanted any more before their start. The actions of the reconciler see to all others.
 */
import { nextAction } from '@matrixos/shared'
import type { HomeRef, HomeStore } from '../../ports/home-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import type { ResyncOptions } from './resync.ts'

export interface PutAwayOptions extends Pick<ResyncOptions, 'isTrial'> {
  homes: Pick<HomeStore, 'attached' | 'detach'>
  runtime: Pick<Runtime, 'inspect' | 'list'>
  store: Pick<TenantStore, 'begin' | 'finish'>
  cache: Pick<InstanceCache, 'get' | 'publish' | 'reloadOne'>
  processId: string
}

const isAtRest = (row: InstanceRow): boolean =>
  (row.observed === 'stopped' || row.observed === 'archived') && nextAction(row) === null

const runs = (seen: { status: string } | null | undefined): boolean =>
  seen?.status === 'running' || seen?.status === 'paused'

export function createPutAway({ homes, runtime, store, cache, isTrial, processId }: PutAwayOptions) {
  // Not the reconciler's own name: it, too, waits before it starts what is being put away.
  const owner = `${processId}/homes`

  async function putAway(row: InstanceRow): Promise<void> {
    if (runs(await runtime.inspect(servingContainer(row)))) return
    const { observed, step, error, failures, nextAttemptAt, address } = row
    const leased = cache.publish(await store.begin(row, owner, { observed, step }))
    if (!leased) return
    const outcome = { observed, step, error, failures, nextAttemptAt, address }
    await homes.detach(row).finally(async () => {
      cache.publish(await store.finish(leased, owner, outcome))
    })
  }

  /** The database lost its row, or the removal of it was never finished: it is stopped, and its home kept. */
  async function putStrayAway(home: HomeRef): Promise<void> {
    const isRunning = (await runtime.list()).some((seen) => seen.id === home.id && runs(seen))
    if (!isRunning && !(await isTrial(home.id))) await homes.detach(home)
  }

  return async (): Promise<void> => {
    for (const home of await homes.attached()) {
      if (!cache.get(home.id)) await cache.reloadOne(home.id)
      const row = cache.get(home.id)
      if (!row) await putStrayAway(home)
      else if (isAtRest(row)) await putAway(row)
    }
  }
}
