/** Puts together what keeps instances: store, mirror, reconciler, resync, sweeper, and the loops that drive them. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Hosts, NEXT_ACTION } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import type { Env } from './env.ts'
import type { Log } from './log.ts'
import type { Runtime } from './ports/runtime.ts'
import { startLoop } from './tenants/loops.ts'
import { createInstanceMirror } from './tenants/mirror.ts'
import { createReconciler } from './tenants/reconciler.ts'
import { createResync, type Resync } from './tenants/resync.ts'
import { createTenantService } from './tenants/service.ts'
import { createSleepStore } from './tenants/sleep-store.ts'
import { instanceSpec } from './tenants/spec.ts'
import { createTenantStore } from './tenants/store.ts'
import { createSweeper } from './tenants/sweeper.ts'
import { createUsage } from './tenants/usage.ts'

const QUARANTINE_MS = 90 * 86_400_000
const LONGEST_SWEEP_INTERVAL_MS = 5_000
/** How long a stop waits for actions under way; what is cut off is done again after the next start. */
const CLOSE_GRACE_MS = 5_000
const EVENT_CONCURRENCY = 4

export interface TenantsOptions {
  env: Env
  hosts: Hosts
  database: Database
  runtime: Runtime
  clock: Clock
  log: Log
}

export async function composeTenants({ env, hosts, database, runtime, clock, log }: TenantsOptions) {
  const processId = Buffer.from(clock.random(9)).toString('base64url')
  const store = createTenantStore(database)
  const sleepStore = createSleepStore(database)
  if (database.exclusive) {
    await store.freeAllLeases()
    await sleepStore.checkOutAll()
  }
  await sleepStore.checkIn(processId)
  const mirror = await createInstanceMirror({ store, database, processId, log })
  const limits = {
    memoryBytes: env.INSTANCE_MEMORY_BYTES,
    memoryReservationBytes: env.INSTANCE_MEMORY_RESERVATION_BYTES,
    cpuShares: 512,
    cpuQuotaUs: 200_000,
    pids: env.INSTANCE_PIDS,
  }
  const specOptions = { hosts, platformSecret: env.PLATFORM_SECRET, limits }
  const reconciler = createReconciler({
    store,
    mirror,
    runtime,
    specOf: (row) => instanceSpec(row, specOptions),
    processId,
    clock,
    log,
    concurrency: env.ENGINE_CONCURRENCY,
    quarantineMs: QUARANTINE_MS,
  })
  const resync = createResync({ store, mirror, runtime, reconciler, clock, log })
  const usage = createUsage({ mirror, ...clock })
  const idleLimitMs = env.IDLE_LIMIT_S * 1000
  const sweeper = createSweeper({
    store: sleepStore,
    mirror,
    usage,
    processId,
    kick: reconciler.kick,
    log,
    idleLimitMs,
  })
  const view = {
    hosts,
    isolation: runtime.isolation,
    idleLimitMs,
    lastUsedAt: ({ id }: { id: Parameters<typeof usage.lastUsedAt>[0] }) => usage.lastUsedAt(id),
  }
  const tenants = createTenantService({ store, mirror, reconciler, clock, image: env.INSTANCE_IMAGE, view })

  mirror.onChange(({ row, removed }) => {
    if (removed) usage.forget(row.id)
    // Also what another process wrote: its wish, and what it was about to do, may outlive it.
    else if (NEXT_ACTION[row.observed][row.desired]) reconciler.kick(row.id)
  })
  reconciler.kickAll()
  const sweepMs = Math.min(LONGEST_SWEEP_INTERVAL_MS, idleLimitMs / 4)
  const loops = [
    startLoop('resync', env.RESYNC_S * 1000, log, resync.all),
    startLoop('sweep', sweepMs, log, sweeper.sweep),
  ]
  const over = new AbortController()
  const following = followEvents(runtime, resync, over.signal, log)

  return {
    mirror,
    usage,
    tenants,
    resync,
    async close(): Promise<void> {
      over.abort()
      await Promise.race([reconciler.close(), delay(CLOSE_GRACE_MS)])
      await Promise.all([following, ...loops.map((loop) => loop.close())])
      const awake = [...mirror.all()].filter(({ observed }) => observed === 'running').length
      if (runtime.isolation === 'container' && awake > 0) {
        log.info({ instances: awake }, 'instances go on running; the next start finds them')
      }
      await runtime.close()
      await resync.noteStopped().catch((error: unknown) => log.warn({ err: error }, 'the last look failed'))
      await sleepStore
        .checkOut(processId)
        .catch((error: unknown) => log.warn({ err: error }, 'not signed off; others wait a moment'))
      await mirror.close()
    },
  }
}

/** The engine's events are hints: each one asks for a look at the instance it names. */
async function followEvents(runtime: Runtime, resync: Resync, signal: AbortSignal, log: Log): Promise<void> {
  // After a restart of the engine everything reports at once.
  const limit = pLimit(EVENT_CONCURRENCY)
  for await (const { id, kind } of runtime.events(signal)) {
    if (kind === 'started' || kind === 'unpaused') continue
    limit(() => resync.one(id)).catch((error: unknown) =>
      log.warn({ err: error, instance: id }, 'a look after an event failed'),
    )
  }
}
