/** Wires what computers use: the loop that looks, and who may see it. */
import { USAGE_HOURS } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { type Env, toMs } from '../../env.ts'
import { startLoop } from '../../jobs/loop.ts'
import { createSoleRunner, deleteExpiredLeases } from '../../jobs/sole-runner.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { PolicyOf } from '../policy.ts'
import { createBurnWatch } from './burn-watch.ts'
import { createDiskWatch } from './disk-watch.ts'
import { createOutOfMemory } from './out-of-memory.ts'
import { createSampler } from './sampler.ts'
import { createMetering } from './service.ts'
import { createMeteringStore } from './store.ts'
import { createWatchStore } from './watch-store.ts'

/** Rounds that may be missed before another process takes over. */
const ROUNDS = 3

export interface MeteringModuleOptions {
  env: Pick<Env, 'USAGE_SAMPLE_S' | 'CPU_BURN_S' | 'CPU_CALM_S'>
  database: Database
  processId: string
  cache: InstanceCache
  runtime: Pick<Runtime, 'usage'>
  homes: Pick<HomeStore, 'measure' | 'enforces' | 'fill'>
  policyOf: PolicyOf
  note: EventRecorder['note']
  clock: Clock
  log: Log
}

export function createMeteringModule(options: MeteringModuleOptions) {
  const { env, database, processId, clock, log } = options
  const { db } = database
  const store = createMeteringStore(database)
  const watchStore = createWatchStore(database)
  const { publish } = options.cache
  const disks = createDiskWatch({ ...options, store: watchStore, publish })
  const sampler = createSampler({ ...options, store, disks })
  const burns = createBurnWatch({
    ...{ ...options, store: watchStore, calmMs: toMs(env.CPU_CALM_S) },
    burnMs: env.CPU_BURN_S === 'off' ? null : toMs(env.CPU_BURN_S),
  })
  const everyMs = toMs(env.USAGE_SAMPLE_S)
  const runner = createSoleRunner({ db, name: 'usage', processId, leaseMs: ROUNDS * everyMs })
  return {
    metering: createMetering({ ...options, store }),
    outOfMemory: createOutOfMemory({ db, note: options.note, clock }),

    run() {
      const loop = startLoop('usage', everyMs, log, async () => {
        if (!(await runner.hold())) return sampler.rest()
        await sampler.run()
        await burns.run()
        await store.deleteBefore(new Date(clock.now() - USAGE_HOURS * 3_600_000))
        await deleteExpiredLeases(db)
      })
      return {
        close: async () => {
          await loop.close()
          await runner.release().catch(() => undefined)
        },
      }
    },
  }
}
