/** Wires the instances' domain: its stores and cache, who sleeps when, what acts on the engine, the owner's commands. */
import { type Hosts, INSTANCE_IMAGES, type InstanceId, imageKindOf } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import type { HomeStore } from '../ports/home-store.ts'
import type { HostMemory } from '../ports/host-memory.ts'
import type { Runtime } from '../ports/runtime.ts'
import { createInstanceCache } from './cache.ts'
import { createInstanceEvents } from './events/module.ts'
import { recordingStore } from './events/recording-store.ts'
import { createTimeline } from './events/router.ts'
import type { Alongside } from './events/store.ts'
import { createIdle } from './idle/module.ts'
import { createSleepStore } from './idle/store.ts'
import { createMeteringModule } from './metering/module.ts'
import { createOutputService } from './output/service.ts'
import { createPlansModule } from './plans/module.ts'
import { withDeadlines } from './reconcile/deadlines.ts'
import { homesWithDeadlines } from './reconcile/home-deadlines.ts'
import { createReconcile } from './reconcile/module.ts'
import { isHealthy } from './reconcile/probe.ts'
import { placeText } from './reconcile/waiting-line.ts'
import { createTenantService } from './service.ts'
import { createServing } from './serving.ts'
import { type AiAccess, instanceSpec, instanceToken, type TokenSubject } from './spec.ts'
import { createTenantStore, type InstanceRow } from './store.ts'
import { withHomes } from './transfer/adopting-runtime.ts'
import { createUpgradesModule } from './upgrades/module.ts'

const DAY_MS = 86_400_000
/** Between two looks for deletions whose grace is over. */
const DELETIONS_MS = 60_000

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
  audit: Audit
  /** Is told what happens to instances, in the transaction that writes it down. */
  onEvents: Alongside
  /** Wakes of one person. */
  wakeLimit: AttemptLimit
  clock: Clock
  log: Log
}

export type TenantsModule = Awaited<ReturnType<typeof createTenantsModule>>

export async function createTenantsModule(options: TenantsOptions) {
  const { env, hosts, database, notifications, processId, memory, ai, clock, log } = options
  const engine = withDeadlines(options.runtime)
  const runtime = { ...engine, ...withHomes(engine, options.homes, options.clock) }
  const homes = homesWithDeadlines(options.homes)
  const store = createTenantStore(database)
  const sleepStore = createSleepStore(database)
  if (database.exclusive) {
    await store.freeAllLeases()
    await sleepStore.checkOutAll()
  }
  await sleepStore.checkIn(processId)
  const plans = await createPlansModule(options)
  const { policies } = plans
  const { policyOf } = policies
  const upgradesModule = await createUpgradesModule({
    ...{ database, runtime, homes, processId, audit: options.audit, clock, log },
    imageSet: env.INSTANCE_IMAGE,
    trialSpecOf: (subject, slot) =>
      instanceSpec(subject, {
        ...{ hosts, policyOf, slot, homePathOf: homes.pathOf },
        ai: { url: env.AI_PROXY_URL, token: Buffer.from(clock.random(24)).toString('base64url') },
        platformSecret: env.PLATFORM_SECRET,
      }),
  })
  const { upgrades } = upgradesModule
  // The operator's choice between the reference images is one for all computers that have one of them.
  if (imageKindOf(upgrades.image())) await store.changeImage(upgrades.image(), Object.values(INSTANCE_IMAGES))
  const cache = await createInstanceCache({ store, notifications, log })
  const events = createInstanceEvents({ database, alongside: options.onEvents, clock, log })
  const recorded = recordingStore({ store, cache, note: events.note, clock })
  const graceMs = env.DELETION_GRACE_DAYS * DAY_MS
  const serving = createServing(cache)
  const common = { cache, processId, clock, log }
  const { usage, ...idle } = createIdle({
    ...{ ...common, store: sleepStore, policies },
    enqueue: (id) => reconciler.enqueue(id),
  })
  const { lastUsedAt } = usage
  const { outOfMemory, ...metering } = createMeteringModule({
    ...{ ...common, env, database, runtime, policyOf, note: events.note },
    homes: options.homes,
  })
  const { reconciler, resync, ...reconcile } = createReconcile({
    ...{ ...common, env, hosts, database, runtime, homes, memory, policyOf, lastUsedAt, ai, outOfMemory },
    ...{ store: recorded, serving, makeRoom: idle.makeRoom },
    ...{ wentBack: upgradesModule.wentBack, isTrial: upgradesModule.isTrial, image: upgrades.image },
  })
  const lineOf = (row: InstanceRow): string | null => {
    const place = reconcile.placeOf(row)
    return place && placeText(place)
  }
  const view = {
    ...{ hosts, policyOf, lineOf, isolationOf: runtime.isolationOf },
    lastUsedAt: ({ id }: { id: InstanceId }) => lastUsedAt(id),
    ...{ deletionGraceDays: env.DELETION_GRACE_DAYS, now: clock.now },
  }
  const tenants = createTenantService({
    ...{ store, cache, serving, reconciler, clock, view },
    ...{ touch: usage.touch, note: events.note, hasRoom: reconcile.hasRoom },
    ...{ image: upgrades.image, deletionGraceMs: graceMs, wakeLimit: options.wakeLimit },
  })

  const tokenOf = (row: TokenSubject) => instanceToken(env.PLATFORM_SECRET, row)
  const output = createOutputService({
    ...{ cache, runtime, clock, timeline: events.store.timeline },
    secretsOf: (row) => [tokenOf(row)],
  })

  const reconciling = reconcile.run()
  const deleting = startLoop(
    'deletions',
    Math.min(DELETIONS_MS, graceMs / 4 || DELETIONS_MS),
    log,
    tenants.deleteDue,
  )
  const sweeping = idle.run()
  const upgrading = upgradesModule.run({ cache, hasRoom: reconcile.hasRoom })
  const measuring = metering.run()
  const keeping = plans.keepLimits({ ...common, runtime })

  return {
    cache,
    usage,
    tenants,
    ...{ events, policies, timeline: createTimeline({ store: events.store, cache, clock }) },
    upgrades,
    metering: metering.metering,
    plans: plans.administration({ publish: cache.publish, note: events.note }),
    /** Api processes that live, this one among them. */
    replicas: sleepStore.living,
    walls: reconcile.walls,
    output,

    /** Its place among those that wait for memory, in words; `null`: it does not wait. */
    lineOf,

    /** The token by which an instance knows the edge. */
    tokenOf,

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
      await upgrading.close()
      await Promise.all([reconciling.close(), deleting.close()])
      for (const loop of [sweeping, measuring, keeping]) await loop.close()
      const running = [...cache.all()].filter(({ observed }) => observed === 'running')
      const staying = running.filter((row) => runtime.isolationOf(row) === 'container').length
      if (staying > 0) log.info({ instances: staying }, 'instances keep running; the next start adopts them')
      await runtime.close()
      await resync.noteStopped().catch((error: unknown) => log.warn({ err: error }, 'final sweep failed'))
      await events.close()
      await sleepStore
        .checkOut(processId)
        .catch((error: unknown) => log.warn({ err: error }, 'failed to sign off; others wait it out'))
      await plans.close()
      await cache.close()
    },
  }
}
