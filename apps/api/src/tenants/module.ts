/** Wires the instances' domain: store, cache, reconciler, resync, sweeper, and the loops that drive them. */
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Hosts,
  type InstanceId,
  newId,
  nextAction,
  QUARANTINE_DAYS,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import { type Env, toMs } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Log } from '../log.ts'
import type { HomeStore } from '../ports/home-store.ts'
import type { HostMemory } from '../ports/host-memory.ts'
import type { Runtime } from '../ports/runtime.ts'
import { createInstanceCache } from './cache.ts'
import { createInstanceEvents } from './events/module.ts'
import { recordingStore } from './events/recording-store.ts'
import { createSleepStore } from './idle/store.ts'
import { createSweeper } from './idle/sweeper.ts'
import { createUsage } from './idle/usage.ts'
import { createPolicies, FAILED_IDLE_MS, ROOM_IDLE_MS } from './policy.ts'
import { createAdmission } from './reconcile/admission.ts'
import { withDeadlines } from './reconcile/deadlines.ts'
import { createEngineWatch } from './reconcile/engine-watch.ts'
import { printable } from './reconcile/failure-text.ts'
import { followEvents } from './reconcile/follow-events.ts'
import { homesWithDeadlines } from './reconcile/home-deadlines.ts'
import { createIsolationGuard } from './reconcile/isolation-guard.ts'
import { createLanes } from './reconcile/lanes.ts'
import { isHealthy } from './reconcile/probe.ts'
import { createReconciler } from './reconcile/reconciler.ts'
import { createResync } from './reconcile/resync.ts'
import { createInstanceSteps } from './reconcile/steps.ts'
import { createTenantService } from './service.ts'
import { createSlotStore } from './slots.ts'
import {
  instanceSpec,
  instanceToken,
  SERVING_GENERATION,
  servingContainer,
  type TokenSubject,
} from './spec.ts'
import { createTenantStore, type InstanceRow } from './store.ts'

const QUARANTINE_MS = QUARANTINE_DAYS * 86_400_000
const LONGEST_SWEEP_INTERVAL_MS = 5_000
/** Often enough that the runtime need not ask again before it starts an instance. */
const ISOLATION_CHECK_MS = 5_000
/** Of an instance's output that an administrator reads. */
const OUTPUT_LENGTH = 32_768
/** How long a stop waits for actions under way; what is cut off is done again after the next start. */
const CLOSE_GRACE_MS = 5_000

export interface TenantsOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  /** Names this api process in leases and signatures. */
  processId: string
  runtime: Runtime
  homes: HomeStore
  memory: HostMemory
  clock: Clock
  log: Log
}

export type TenantsModule = Awaited<ReturnType<typeof createTenantsModule>>

export async function createTenantsModule(options: TenantsOptions) {
  const { env, hosts, database, notifications, processId, memory, clock, log } = options
  const runtime = withDeadlines(options.runtime)
  const homes = homesWithDeadlines(options.homes)
  const store = createTenantStore(database)
  const sleepStore = createSleepStore(database)
  if (database.exclusive) {
    await store.freeAllLeases()
    await sleepStore.checkOutAll()
  }
  await sleepStore.checkIn(processId)
  const cache = await createInstanceCache({ store, notifications, log })
  const events = createInstanceEvents({ database, clock, log })
  const recorded = recordingStore({ store, cache, note: events.note, clock })
  const usage = createUsage({ cache, ...clock })
  const { lastUsedAt } = usage
  const policies = policiesFrom(env)
  const { policyOf } = policies
  const sweeper = createSweeper({
    store: sleepStore,
    cache,
    usage,
    processId,
    enqueue: (id) => reconciler.enqueue(id),
    log,
    policies,
  })
  const engine = createEngineWatch({
    runtime,
    probeId: newId('ins', clock),
    onReturn: async () => {
      for (const row of await store.retryAll('engine_down')) cache.publish(row)
    },
    log,
  })
  const admission = createAdmission({
    memory,
    reserveBytes: env.MEMORY_RESERVE_BYTES === 'off' ? null : env.MEMORY_RESERVE_BYTES,
    policyOf,
    cache,
    makeRoom: sweeper.makeRoom,
    clock,
    log,
  })
  const slots = createSlotStore(database)
  const instanceSpecOf = async (row: InstanceRow) => {
    const slot = await slots.slotOf({ instanceId: row.id, generation: SERVING_GENERATION })
    return instanceSpec(row, {
      ...{ hosts, policyOf, slot },
      platformSecret: env.PLATFORM_SECRET,
      homePathOf: homes.pathOf,
    })
  }
  const reconciler = createReconciler({
    store: recorded,
    cache,
    runtime,
    steps: createInstanceSteps({ runtime, homes, specOf: instanceSpecOf }),
    engine,
    lanes: createLanes(env.ENGINE_CONCURRENCY),
    admission,
    lastUsedAt,
    specOf: instanceSpecOf,
    processId,
    clock,
    log,
    quarantineMs: QUARANTINE_MS,
  })
  const resync = createResync({ store: recorded, cache, runtime, reconciler, lastUsedAt, clock, log })
  const view = {
    hosts,
    isolationOf: runtime.isolationOf,
    policyOf,
    lastUsedAt: ({ id }: { id: InstanceId }) => lastUsedAt(id),
  }
  const tenants = createTenantService({
    store,
    cache,
    reconciler,
    touch: usage.touch,
    note: events.note,
    hasRoom: admission.hasRoom,
    clock,
    image: env.INSTANCE_IMAGE,
    view,
  })

  cache.onChange(({ row, removed }) => {
    if (removed) usage.forget(row.id)
    // Also what another process wrote: its wish, and what it was about to do, may outlive it.
    else if (nextAction(row)) reconciler.enqueue(row.id)
  })
  reconciler.enqueueAll()
  const guard = createIsolationGuard({ runtime, store, cache, clock, log })
  const sweepMs = Math.min(LONGEST_SWEEP_INTERVAL_MS, policies.shortestIdleMs / 4)
  const loops = [
    startLoop('resync', toMs(env.RESYNC_S), log, resync.all),
    startLoop('sweep', sweepMs, log, sweeper.sweep),
    startLoop('isolation', ISOLATION_CHECK_MS, log, guard.check),
  ]
  const over = new AbortController()
  const following = followEvents({ runtime, look: resync.one, signal: over.signal, log })

  return {
    cache,
    usage,
    tenants,
    events,
    /** Api processes that live, this one among them. */
    replicas: sleepStore.living,

    /** The last lines that somebody's instance printed; empty where it printed nothing, or there is none. */
    async outputOf(userId: UserId, lines: number): Promise<string> {
      const row = cache.ofUser(userId)
      return row ? printable(await runtime.logs(servingContainer(row), lines), OUTPUT_LENGTH) : ''
    },

    /** The token by which an instance knows the edge. */
    tokenOf: (row: TokenSubject) => instanceToken(env.PLATFORM_SECRET, row),

    /** Looks at one instance anew; `false`: it runs, and does not answer. */
    async recheck(row: InstanceRow): Promise<boolean> {
      await resync.one(row.id)
      const { address, observed } = cache.get(row.id) ?? row
      return observed !== 'running' || address === null || (await isHealthy(address))
    },

    async close(): Promise<void> {
      over.abort()
      engine.close()
      await Promise.race([reconciler.close(), delay(CLOSE_GRACE_MS)])
      await Promise.all([following, ...loops.map((loop) => loop.close())])
      const running = [...cache.all()].filter(({ observed }) => observed === 'running')
      const staying = running.filter((row) => runtime.isolationOf(row) === 'container').length
      if (staying > 0) log.info({ instances: staying }, 'instances keep running; the next start adopts them')
      await runtime.close()
      await resync.noteStopped().catch((error: unknown) => log.warn({ err: error }, 'final sweep failed'))
      await events.close()
      await sleepStore
        .checkOut(processId)
        .catch((error: unknown) =>
          log.warn({ err: error }, 'failed to sign off; other processes wait it out'),
        )
      await cache.close()
    },
  }
}

/** The one plan that there is, as the environment says. */
function policiesFrom(env: Env) {
  const limits = {
    memoryBytes: env.INSTANCE_MEMORY_BYTES,
    memoryReservationBytes: env.INSTANCE_MEMORY_RESERVATION_BYTES,
    cpuShares: 512,
    cpuQuotaUs: 200_000,
    pids: env.INSTANCE_PIDS,
  }
  const idleMs = { asleep: toMs(env.IDLE_LIMIT_S) }
  return createPolicies({
    standard: { limits, idleMs, failedIdleMs: FAILED_IDLE_MS, roomIdleMs: ROOM_IDLE_MS },
  })
}
