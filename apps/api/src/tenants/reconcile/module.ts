/** Wires what acts on the engine: the reconciler, resync, the guard of isolation, and the loops that drive them. */
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Hosts,
  type InstanceId,
  newId,
  nextAction,
  QUARANTINE_DAYS,
  type WallsView,
} from '@matrixos/shared'
import type { Database } from '../../db/database.ts'
import { type Env, toMs } from '../../env.ts'
import { type Loop, startLoop } from '../../jobs/loop.ts'
import { proxyOpening } from '../../openings.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import { createSlotStore } from '../slots.ts'
import { type AiAccess, instanceSpec, type OperatorEnv } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { type AdmissionOptions, createAdmission } from './admission.ts'
import { createEngineWatch } from './engine-watch.ts'
import { followEvents } from './follow-events.ts'
import { createHealthWatch } from './health-watch.ts'
import { createIsolationGuard, type IsolationGuard } from './isolation-guard.ts'
import { createLanes } from './lanes.ts'
import { createPutAway } from './put-away.ts'
import { createReconciler, isVisitedBy, type ReconcilerOptions } from './reconciler.ts'
import { createResync, type ResyncOptions } from './resync.ts'
import { createSelfTester, SELF_TEST_TICK_MS } from './self-test.ts'
import { createSharedVerdict, createVerdictStore } from './shared-verdict.ts'
import { createInstanceSteps } from './steps.ts'
import { createWaitingLine } from './waiting-line.ts'

const QUARANTINE_MS = QUARANTINE_DAYS * 86_400_000
/** Often enough that the runtime need not ask again before it starts an instance. */
const ISOLATION_CHECK_MS = 5_000
/** How long a stop waits for actions under way; what is cut off is done again after the next start. */
const CLOSE_GRACE_MS = 5_000

export interface ReconcileOptions
  extends Pick<AdmissionOptions, 'memory' | 'policyOf' | 'makeRoom'>,
    Pick<
      ReconcilerOptions,
      'store' | 'cache' | 'serving' | 'runtime' | 'lastUsedAt' | 'wentBack' | 'processId' | 'clock' | 'log'
    >,
    Pick<ResyncOptions, 'isTrial'> {
  env: Env
  hosts: Hosts
  database: Database
  homes: Pick<
    HomeStore,
    'name' | 'make' | 'ownerOf' | 'setAside' | 'remove' | 'pathOf' | 'packed' | 'detach' | 'attached'
  >
  ai: AiAccess
  /** That new instances get. */
  image: () => string
  /** A program of it was ended for want of memory. */
  outOfMemory: (id: InstanceId) => Promise<void>
}

export function createReconcile(options: ReconcileOptions) {
  const { env, database, runtime, homes, store, cache, clock, log } = options
  const engine = createEngineWatch({
    ...{ runtime, probeId: newId('ins', clock) },
    onReturn: async () => {
      for (const row of await store.retryAll('engine_down')) cache.publish(row)
    },
    log,
  })
  const reserveBytes = env.MEMORY_RESERVE_BYTES === 'off' ? null : env.MEMORY_RESERVE_BYTES
  const admission = createAdmission({ ...options, reserveBytes })
  const line = createWaitingLine({ cache, clock, isVisited: isVisitedBy(options) })
  const slots = createSlotStore(database)
  const specOf = async (row: InstanceRow) => {
    const slot = await slots.slotOf({ instanceId: row.id, generation: row.generation }, runtime.slotCount())
    const { hosts, policyOf, ai } = options
    return instanceSpec(row, {
      ...{ hosts, policyOf, slot, operator: operatorEnvOf(env) },
      ai: { url: env.AI_PROXY_URL, token: await ai.issue(row) },
      platformSecret: env.PLATFORM_SECRET,
      homePathOf: homes.pathOf,
    })
  }
  const reconciler = createReconciler({
    ...options,
    steps: createInstanceSteps({
      ...{ runtime, homes, specOf, log },
      isKnown: async (id) => (await store.byId(id)) !== null,
    }),
    ...{ engine, admission, line, specOf, releaseSlots: slots.release },
    lanes: createLanes(env.ENGINE_CONCURRENCY),
    quarantineMs: QUARANTINE_MS,
  })
  const resync = createResync({
    ...{ ...options, reconciler },
    retireAiTokens: options.ai.retire,
    freeSlot: slots.free,
    supersededSlots: slots.superseded,
  })
  const verdict = createSharedVerdict({ store: createVerdictStore(database), runtime })
  // Where nobody tests, nobody would ever find it closed again.
  const takeVerdict = env.ISOLATION_TEST_S === 'never' ? async () => undefined : verdict.take
  const selfTester = createSelfTester({
    ...{ runtime, verdict, image: options.image, clock, log },
    services: proxyOpening(env),
    intervalMs: env.ISOLATION_TEST_S === 'never' ? null : toMs(env.ISOLATION_TEST_S),
  })
  const guard = createIsolationGuard({ ...options, takeVerdict })
  cache.onChange(({ row, removed }) => {
    // Also what another process wrote: its wish, and what it was about to do, may outlive it.
    if (!removed && nextAction(row)) reconciler.enqueue(row.id)
  })

  return {
    reconciler,
    resync,
    hasRoom: admission.hasRoom,
    placeOf: line.placeOf,
    /** What keeps instances apart, and what the last test of it found. */
    walls: (): WallsView => ({
      ...{ runtime: runtime.name, ociRuntime: runtime.name === 'docker' ? env.INSTANCE_RUNTIME : null },
      ...{ firewall: runtime.firewall(), homes: homes.name, selfTest: selfTester.latest() },
      broken: guard.broken(),
    }),

    run(): Loop {
      // What was open before a restart keeps instances from running until it was tried again.
      void takeVerdict()
        .catch(() => undefined)
        .then(() => reconciler.enqueueAll())
      const loops = [
        startLoop('resync', toMs(env.RESYNC_S), log, resync.all),
        startLoop('homes', toMs(env.RESYNC_S), log, createPutAway(options)),
        startLoop('self-test', SELF_TEST_TICK_MS, log, selfTester.check),
        ...startWatches(options, guard),
      ]
      const over = new AbortController()
      const following = followEvents({
        ...{ runtime, look: resync.one, outOfMemory: options.outOfMemory },
        ...{ signal: over.signal, log },
      })
      return {
        close: async () => {
          over.abort()
          engine.close()
          await Promise.race([reconciler.close(), delay(CLOSE_GRACE_MS)])
          await Promise.all([following, ...loops.map((loop) => loop.close())])
        },
      }
    },
  }
}

/** What looks after instances that run: whether they are apart, and whether they are well. */
function startWatches(options: ReconcileOptions, guard: Pick<IsolationGuard, 'check'>): Loop[] {
  const { env, log } = options
  const health = createHealthWatch({ ...options, timeoutMs: toMs(env.HEALTH_TIMEOUT_S) })
  return [
    startLoop('isolation', ISOLATION_CHECK_MS, log, guard.check),
    startLoop('health', toMs(env.HEALTH_CHECK_S), log, health.check),
  ]
}

/** What was set: an instance knows the rest by itself. */
function operatorEnvOf(env: Env): OperatorEnv {
  const { TELEGRAM_API_URL, SLACK_API_URL, DISCORD_API_URL, INSTANCE_DENYLIST } = env
  const { INSTANCE_HOMESERVER_URL } = env
  return {
    ...(TELEGRAM_API_URL && { TELEGRAM_API_URL }),
    ...(SLACK_API_URL && { SLACK_API_URL }),
    ...(DISCORD_API_URL && { DISCORD_API_URL }),
    ...(INSTANCE_HOMESERVER_URL && { MATRIX_HOMESERVER_URL: INSTANCE_HOMESERVER_URL }),
    ...(INSTANCE_DENYLIST && { MATRIX_DENYLIST: INSTANCE_DENYLIST }),
  }
}
