/** Wires the instances' domain: its stores and cache, who sleeps when, what acts on the engine, the owner's commands. */
import { type Hosts, INSTANCE_IMAGES, type InstanceId, imageKindOf, type UserId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import { type Env, toMs } from '../env.ts'
import type { Log } from '../log.ts'
import type { HomeStore } from '../ports/home-store.ts'
import type { HostMemory } from '../ports/host-memory.ts'
import type { Runtime } from '../ports/runtime.ts'
import { createInstanceCache } from './cache.ts'
import { createInstanceEvents } from './events/module.ts'
import { recordingStore } from './events/recording-store.ts'
import { createIdle } from './idle/module.ts'
import { createSleepStore } from './idle/store.ts'
import { createPolicies, FAILED_IDLE_MS, ROOM_IDLE_MS } from './policy.ts'
import { withDeadlines } from './reconcile/deadlines.ts'
import { printable } from './reconcile/failure-text.ts'
import { homesWithDeadlines } from './reconcile/home-deadlines.ts'
import { createReconcile } from './reconcile/module.ts'
import { isHealthy } from './reconcile/probe.ts'
import { placeText } from './reconcile/waiting-line.ts'
import { createTenantService } from './service.ts'
import { type AiAccess, instanceToken, servingContainer, type TokenSubject } from './spec.ts'
import { createTenantStore, type InstanceRow } from './store.ts'
import { withImports } from './transfer/adopting-runtime.ts'

/** Of an instance's output that an administrator reads. */
const OUTPUT_LENGTH = 32_768

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
  ai: AiAccess
  clock: Clock
  log: Log
}

export type TenantsModule = Awaited<ReturnType<typeof createTenantsModule>>

export async function createTenantsModule(options: TenantsOptions) {
  const { env, hosts, database, notifications, processId, memory, ai, clock, log } = options
  const engine = withDeadlines(options.runtime)
  const runtime = { ...engine, ...withImports(engine, options.homes.transfer, options.clock) }
  const homes = homesWithDeadlines(options.homes)
  const store = createTenantStore(database)
  const sleepStore = createSleepStore(database)
  if (database.exclusive) {
    await store.freeAllLeases()
    await sleepStore.checkOutAll()
  }
  await sleepStore.checkIn(processId)
  // The operator's choice between the reference images is one for all computers that have one of them.
  if (imageKindOf(env.INSTANCE_IMAGE))
    await store.changeImage(env.INSTANCE_IMAGE, Object.values(INSTANCE_IMAGES))
  const cache = await createInstanceCache({ store, notifications, log })
  const events = createInstanceEvents({ database, clock, log })
  const recorded = recordingStore({ store, cache, note: events.note, clock })
  const policies = policiesFrom(env)
  const { policyOf } = policies
  const common = { cache, processId, clock, log }
  const { usage, ...idle } = createIdle({
    ...{ ...common, store: sleepStore, policies },
    enqueue: (id) => reconciler.enqueue(id),
  })
  const { lastUsedAt } = usage
  const { reconciler, resync, ...reconcile } = createReconcile({
    ...{ ...common, env, hosts, database, runtime, homes, memory, policyOf, lastUsedAt, ai },
    store: recorded,
    makeRoom: idle.makeRoom,
  })
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
    hasRoom: reconcile.hasRoom,
    clock,
    image: env.INSTANCE_IMAGE,
    view,
  })

  const reconciling = reconcile.run()
  const sweeping = idle.run()

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

    /** Its place among those that wait for memory, in words; `null`: it does not wait. */
    lineOf(row: InstanceRow): string | null {
      const place = reconcile.placeOf(row)
      return place && placeText(place)
    },

    /** The token by which an instance knows the edge. */
    tokenOf: (row: TokenSubject) => instanceToken(env.PLATFORM_SECRET, row),

    /** The next start of each of these gives it another token for AI calls; what runs keeps the one that it has. */
    async rotateAiTokens(ids: InstanceId[]): Promise<void> {
      for (const row of await store.raiseAiToken(ids)) cache.publish(row)
    },

    /** Looks at one instance anew; `false`: it runs, and does not answer. */
    async recheck(row: InstanceRow): Promise<boolean> {
      await resync.one(row.id)
      const { address, observed } = cache.get(row.id) ?? row
      return observed !== 'running' || address === null || (await isHealthy(address))
    },

    async close(): Promise<void> {
      await reconciling.close()
      await sweeping.close()
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
  const asleep = env.IDLE_LIMIT_S === 'never' ? null : toMs(env.IDLE_LIMIT_S)
  // What would be paused only when it is to be stopped is stopped.
  const pauseMs = env.PAUSE_AFTER_S === 'never' ? null : toMs(env.PAUSE_AFTER_S)
  const paused = asleep === null || pauseMs === null || pauseMs >= asleep ? null : pauseMs
  const roomIdleMs = asleep === null ? null : ROOM_IDLE_MS
  return createPolicies({
    standard: { limits, idleMs: { paused, asleep }, failedIdleMs: FAILED_IDLE_MS, roomIdleMs },
  })
}
