/** Wires upgrades: what was asked for, the loop that drives it, and the image of new computers. */
import type { InstanceId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { type Loop, startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { ReconcilerOptions } from '../reconcile/reconciler.ts'
import { createUpgradeInstanceStore } from './instance-store.ts'
import { createRehearsal, type RehearsalOptions } from './rehearsal.ts'
import { createRehearsalStore } from './rehearsal-store.ts'
import { createRehearsals } from './rehearsals.ts'
import { createUpgrades } from './service.ts'
import { createRolloutStore } from './store.ts'
import { createTrial, type TrialOptions } from './trial.ts'
import { createUpgradeWorker } from './worker.ts'

const TICK_MS = 1_000

export interface UpgradesModuleOptions {
  database: Database
  runtime: Runtime
  homes: TrialOptions['homes'] & RehearsalOptions['homes']
  trialSpecOf: TrialOptions['specOf']
  processId: string
  imageSet: string
  audit: Audit
  clock: Clock
  log: Log
}

export async function createUpgradesModule(options: UpgradesModuleOptions) {
  const { database, runtime, homes, processId, clock, log } = options
  const store = createRolloutStore(database)
  const copies = createRehearsalStore(database)
  const upgrades = await createUpgrades({ ...options, db: database.db, store })
  const wentBack: ReconcilerOptions['wentBack'] = (row, why) => {
    log.warn(
      { instance: row.id, handle: row.handle, image: row.image, why: why.message },
      'upgrade taken back',
    )
    store
      .explain(row.id, why.message)
      .catch((error: unknown) => log.warn({ err: error }, 'failed to note why an upgrade was taken back'))
  }

  return {
    upgrades,
    wentBack,
    /** Whether that is a container which only tries something, and nobody's computer. */
    isTrial: async (id: InstanceId) => (await upgrades.isTrial(id)) || (await copies.has(id)),

    run({ cache, hasRoom }: { cache: InstanceCache; hasRoom: () => Promise<boolean> }): Loop {
      const { monotonic } = clock
      const rehearsal = createRehearsal({ runtime, homes, specOf: options.trialSpecOf, monotonic })
      const worker = createUpgradeWorker({
        ...{ store, cache, hasRoom, processId, log },
        instances: createUpgradeInstanceStore(database),
        trial: createTrial({ runtime, homes, specOf: options.trialSpecOf, monotonic }),
        rehearsals: createRehearsals({ store: copies, rehearsal, clock, log }),
        spare: copies.spare,
        changed: upgrades.refresh,
      })
      const loop = startLoop('upgrades', TICK_MS, log, worker.tick)
      return {
        close: async () => {
          await worker.close()
          await loop.close()
          await worker.release().catch((error: unknown) => log.warn({ err: error }, 'its lease runs out'))
        },
      }
    },
  }
}
