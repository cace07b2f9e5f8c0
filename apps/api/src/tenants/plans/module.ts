/** Wires the plans: those in memory that everything asks, and what administrators do to them. */
import type { PlanLimits } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import type { Env } from '../../env.ts'
import { type Loop, startLoop } from '../../jobs/loop.ts'
import { createSoleRunner } from '../../jobs/sole-runner.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { InstanceRow } from '../store.ts'
import { createPlanAdministration } from './administration.ts'
import { createLimitsKeeper, type LimitsKeeperOptions } from './limits-keeper.ts'
import { createLivePlans } from './live.ts'
import { createPlanStore } from './store.ts'

/** A look at what is in memory, where nothing has changed. */
const LIMITS_MS = 2_000
const LEASE_MS = 10_000

type PlanSettings = Pick<
  Env,
  | 'INSTANCE_MEMORY_BYTES'
  | 'INSTANCE_MEMORY_RESERVATION_BYTES'
  | 'INSTANCE_CPU_SHARES'
  | 'INSTANCE_CPU_QUOTA_US'
  | 'INSTANCE_RUNTIME'
  | 'INSTANCE_PIDS'
  | 'INSTANCE_DISK_BYTES'
  | 'INSTANCE_INODES'
  | 'INSTANCE_LOG_BYTES'
  | 'INSTANCE_BANDWIDTH_BYTES_PER_S'
  | 'INSTANCE_RUNTIME'
  | 'IDLE_LIMIT_S'
  | 'PAUSE_AFTER_S'
  | 'ARCHIVE_AFTER_DAYS'
>

const secondsOf = (limit: number | 'never') => (limit === 'never' ? null : limit)

/** What never sleeps is not to be packed away either. */
const archivedAfterS = ({ IDLE_LIMIT_S, ARCHIVE_AFTER_DAYS }: PlanSettings): number | null =>
  IDLE_LIMIT_S === 'never' || ARCHIVE_AFTER_DAYS === 'never'
    ? null
    : Math.max(ARCHIVE_AFTER_DAYS * 86_400, IDLE_LIMIT_S)

/** What a plan gives that says nothing. */
const defaultLimits = (env: PlanSettings): PlanLimits => ({
  memoryBytes: env.INSTANCE_MEMORY_BYTES,
  memoryReservationBytes: env.INSTANCE_MEMORY_RESERVATION_BYTES,
  cpuShares: env.INSTANCE_CPU_SHARES,
  cpuQuotaUs: env.INSTANCE_CPU_QUOTA_US,
  pids: env.INSTANCE_PIDS,
  diskBytes: env.INSTANCE_DISK_BYTES,
  inodes: env.INSTANCE_INODES,
  logBytes: env.INSTANCE_LOG_BYTES,
  bandwidthBytesPerS:
    env.INSTANCE_BANDWIDTH_BYTES_PER_S === 'off' ? null : env.INSTANCE_BANDWIDTH_BYTES_PER_S,
  ociRuntime: env.INSTANCE_RUNTIME,
  // What never goes to sleep is not paused either, unless its plan says so.
  idleS: {
    paused: env.IDLE_LIMIT_S === 'never' ? null : secondsOf(env.PAUSE_AFTER_S),
    asleep: secondsOf(env.IDLE_LIMIT_S),
    archived: archivedAfterS(env),
  },
})

export interface PlansModuleOptions {
  env: PlanSettings
  database: Database
  notifications: Notifications
  /** This and the runtime say which limits are walls here. */
  homes: Pick<HomeStore, 'enforces' | 'attach'>
  runtime: Pick<Runtime, 'limitsBandwidth' | 'ociRuntimes'>
  audit: Audit
  clock: Clock
  log: Log
}

export async function createPlansModule(options: PlansModuleOptions) {
  const { env, database, notifications, homes, runtime, audit, clock, log } = options
  const enforced = () => ({ ...homes.enforces, bandwidth: runtime.limitsBandwidth() })
  const store = createPlanStore(database)
  const defaults = defaultLimits(env)
  const live = await createLivePlans({ store, defaults, notifications, log })
  return {
    policies: live.policies,
    /** `publish` takes a row that was just written, and tells the other processes. */
    administration: (tell: { publish: (row: InstanceRow) => void; note: EventRecorder['note'] }) =>
      createPlanAdministration({
        ...{ db: database.db, store, live, defaults, enforced, runtime, ...tell },
        ...{ notifications, audit, clock },
      }),
    /** Begins to give what is up the limits that its plan gives it. */
    keepLimits(parts: Pick<LimitsKeeperOptions, 'cache' | 'runtime'> & { processId: string }): Loop {
      const { processId, ...rest } = parts
      const runner = createSoleRunner({ db: database.db, name: 'limits', processId, leaseMs: LEASE_MS })
      const keeper = createLimitsKeeper({
        ...{ ...rest, homes, policyOf: live.policies.policyOf, runner, clock, log },
      })
      return startLoop('limits', LIMITS_MS, log, keeper.run)
    },
    close: live.close,
  }
}
