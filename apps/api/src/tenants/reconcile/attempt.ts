/**
 * One action under a lease: taken in the row before the engine is called, renewed meanwhile, and lost when this
 * process dies, so that the next one does the same step again.
 */
import { ACTION_STATES, type Action, type InstanceId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { FIRST_STEP } from './actions.ts'
import type { Courtesy } from './courtesy.ts'
import type { Lanes } from './lanes.ts'
import type { Perform } from './perform.ts'
import { LEASE_MS } from './store.ts'

/** Each takes the engine and a core for a tenth of a second. */
const NOBODY_WAITS: ReadonlySet<Action> = new Set(['pause', 'stop', 'archive', 'remove'])

export interface AttemptOptions {
  store: TenantStore
  cache: InstanceCache
  lanes: Lanes
  courtesy: Courtesy
  perform: Perform
  isVisited: (row: InstanceRow) => boolean
  processId: string
  log: Log
}

export function createAttempts(options: AttemptOptions) {
  const { store, cache, lanes, courtesy, perform, isVisited, processId, log } = options

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

  const extend = (id: InstanceId) =>
    store
      .extendLease(id, processId)
      .catch((error: unknown) => log.warn({ err: error }, 'failed to extend the lease'))

  async function hasChanged(row: InstanceRow): Promise<boolean> {
    const before = cache.get(row.id)?.version
    await cache.reloadOne(row.id)
    return cache.get(row.id)?.version !== before || before !== row.version
  }

  async function act(row: InstanceRow, action: Action, isClosed: () => boolean): Promise<boolean> {
    let heartbeat: NodeJS.Timeout | undefined
    // Asked as late as this: who comes from here on promotes it.
    const request = { id: row.id, action, isVisited: isVisited(row) }
    try {
      const rest = await lanes.run(request, async () => {
        const leased = isClosed() ? null : await begin(row, action)
        if (!leased) return null
        heartbeat = setInterval(() => void extend(row.id), LEASE_MS / 3)
        return await perform(leased, action)
      })
      if (rest) await rest()
      return rest !== null || isClosed() || (await hasChanged(row))
    } finally {
      clearInterval(heartbeat)
    }
  }

  /** `false`: another process holds the lease. A row that changed meanwhile is looked at again. */
  return async (row: InstanceRow, action: Action, isClosed: () => boolean): Promise<boolean> => {
    const work = () => act(row, action, isClosed)
    if (action === 'start' && row.hasRun && isVisited(row)) return courtesy.first(work)
    // Whoever comes meanwhile is told by the row, whose wish is looked at again.
    if (NOBODY_WAITS.has(action)) await courtesy.waitAMoment()
    else if (action === 'start' && !row.hasRun) await courtesy.wait()
    return work()
  }
}
