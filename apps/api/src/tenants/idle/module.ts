/** Wires who sleeps when: use, the sweeper, and the loop that drives it. */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { type Loop, startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { Policies } from '../policy.ts'
import type { SleepStore } from './store.ts'
import { createSweeper } from './sweeper.ts'
import { createUsage } from './usage.ts'

const LONGEST_SWEEP_INTERVAL_MS = 5_000

export interface IdleOptions {
  store: SleepStore
  cache: InstanceCache
  policies: Policies
  enqueue: (id: InstanceId) => void
  processId: string
  clock: Clock
  log: Log
}

export function createIdle(options: IdleOptions) {
  const { store, cache, policies, enqueue, processId, clock, log } = options
  const usage = createUsage({ cache, ...clock })
  const sweeper = createSweeper({ store, cache, usage, processId, enqueue, log, policies })
  cache.onChange(({ row, removed }) => {
    if (removed) usage.forget(row.id)
  })
  return {
    usage,
    makeRoom: sweeper.makeRoom,
    run: (): Loop => {
      const sweepMs = Math.min(LONGEST_SWEEP_INTERVAL_MS, policies.shortestIdleMs / 4)
      return startLoop('sweep', sweepMs, log, sweeper.sweep)
    },
  }
}
