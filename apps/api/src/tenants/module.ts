/** Wires the instances' domain: store, cache, reconciler, resync, sweeper, and the loops that drive them. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Hosts, type InstanceId, NEXT_ACTION, newId, QUARANTINE_DAYS } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { type Env, toMs } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Log } from '../log.ts'
import type { HostMemory } from '../ports/host-memory.ts'
import type { Runtime } from '../ports/runtime.ts'
import { createInstanceCache } from './cache.ts'
import { createSleepStore } from './idle/store.ts'
import { createSweeper } from './idle/sweeper.ts'
import { createUsage } from './idle/usage.ts'
import { createAdmission } from './reconcile/admission.ts'
import { withDeadlines } from './reconcile/deadlines.ts'
import { createEngineWatch } from './reconcile/engine-watch.ts'
import { followEvents } from './reconcile/follow-events.ts'
import { createIsolationGuard } from './reconcile/isolation-guard.ts'
import { createLanes } from './reconcile/lanes.ts'
import { isHealthy } from './reconcile/probe.ts'
import { createReconciler } from './reconcile/reconciler.ts'
import { createResync } from './reconcile/resync.ts'
import { createTenantService } from './service.ts'
import { instanceSpec, instanceToken } from './spec.ts'
import { createTenantStore, type InstanceRow } from './store.ts'

const QUARANTINE_MS = QUARANTINE_DAYS * 86_400_000
const LONGEST_SWEEP_INTERVAL_MS = 5_000
/** Often enough that the runtime need not ask again before it starts an instance. */
const ISOLATION_CHECK_MS = 5_000
/** How long a stop waits for actions under way; what is cut off is done again after the next start. */
const CLOSE_GRACE_MS = 5_000

export interface TenantsOptions {
  env: Env
  hosts: Hosts
  database: Database
  runtime: Runtime
  memory: HostMemory
  clock: Clock
  log: Log
}

export type TenantsModule = Awaited<ReturnType<typeof createTenantsModule>>

export async function createTenantsModule(options: TenantsOptions) {
  const { env, hosts, database, memory, clock, log } = options
  const runtime = withDeadlines(options.runtime)
  const processId = Buffer.from(clock.random(9)).toString('base64url')
  const store = createTenantStore(database)
  const sleepStore = createSleepStore(database)
  if (database.exclusive) {
    await store.freeAllLeases()
    await sleepStore.checkOutAll()
  }
  await sleepStore.checkIn(processId)
  const cache = await createInstanceCache({ store, database, processId, log })
  const usage = createUsage({ cache, ...clock })
  const { lastUsedAt } = usage
  const idleLimitMs = toMs(env.IDLE_LIMIT_S)
  const sweeper = createSweeper({
    store: sleepStore,
    cache,
    usage,
    processId,
    enqueue: (id) => reconciler.enqueue(id),
    log,
    idleLimitMs,
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
    startBytes: env.INSTANCE_MEMORY_RESERVATION_BYTES,
    cache,
    makeRoom: sweeper.makeRoom,
    clock,
    log,
  })
  const reconciler = createReconciler({
    store,
    cache,
    runtime,
    engine,
    lanes: createLanes(env.ENGINE_CONCURRENCY),
    admission,
    lastUsedAt,
    specOf: specOf(env, hosts),
    processId,
    clock,
    log,
    quarantineMs: QUARANTINE_MS,
  })
  const resync = createResync({ store, cache, runtime, reconciler, lastUsedAt, clock, log })
  const view = {
    hosts,
    isolation: runtime.isolation,
    idleLimitMs,
    lastUsedAt: ({ id }: { id: InstanceId }) => lastUsedAt(id),
  }
  const tenants = createTenantService({
    store,
    cache,
    reconciler,
    touch: usage.touch,
    hasRoom: admission.hasRoom,
    clock,
    image: env.INSTANCE_IMAGE,
    view,
  })

  cache.onChange(({ row, removed }) => {
    if (removed) usage.forget(row.id)
    // Also what another process wrote: its wish, and what it was about to do, may outlive it.
    else if (NEXT_ACTION[row.observed][row.desired]) reconciler.enqueue(row.id)
  })
  reconciler.enqueueAll()
  const sweepMs = Math.min(LONGEST_SWEEP_INTERVAL_MS, idleLimitMs / 4)
  const loops = [
    startLoop('resync', toMs(env.RESYNC_S), log, resync.all),
    startLoop('sweep', sweepMs, log, sweeper.sweep),
  ]
  if (runtime.isolation === 'container') {
    const guard = createIsolationGuard({ runtime, store, cache, clock, log })
    loops.push(startLoop('isolation', ISOLATION_CHECK_MS, log, guard.check))
  }
  const over = new AbortController()
  const following = followEvents({ runtime, look: resync.one, signal: over.signal, log })

  return {
    cache,
    usage,
    tenants,

    /** The token by which an instance knows the edge. */
    tokenOf: (handle: string) => instanceToken(env.PLATFORM_SECRET, handle),

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
      const awake = [...cache.all()].filter(({ observed }) => observed === 'running').length
      if (runtime.isolation === 'container' && awake > 0) {
        log.info({ instances: awake }, 'instances keep running; the next start adopts them')
      }
      await runtime.close()
      await resync.noteStopped().catch((error: unknown) => log.warn({ err: error }, 'final sweep failed'))
      await sleepStore
        .checkOut(processId)
        .catch((error: unknown) =>
          log.warn({ err: error }, 'failed to sign off; other processes wait it out'),
        )
      await cache.close()
    },
  }
}

function specOf(env: Env, hosts: Hosts) {
  const limits = {
    memoryBytes: env.INSTANCE_MEMORY_BYTES,
    memoryReservationBytes: env.INSTANCE_MEMORY_RESERVATION_BYTES,
    cpuShares: 512,
    cpuQuotaUs: 200_000,
    pids: env.INSTANCE_PIDS,
  }
  const options = { hosts, platformSecret: env.PLATFORM_SECRET, limits }
  return (row: InstanceRow) => instanceSpec(row, options)
}
