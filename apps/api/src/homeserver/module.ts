/** Wires the homeserver's domain: accounts, what instances are given, what the homeserver hands over. */
import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { HomeserverState, Hosts, InstanceId, MatrixAccess, UserId } from '@matrixos/shared'
import type { Hono } from 'hono'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Env } from '../env.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { InstanceCalls } from '../http/instance-calls.ts'
import { startLoop } from '../jobs/loop.ts'
import { createSoleRunner } from '../jobs/sole-runner.ts'
import { createWorker } from '../jobs/worker.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import { createSeal } from '../seal.ts'
import type { TenantsModule } from '../tenants/module.ts'
import { createMatrixAccess } from './access.ts'
import { createAccountStore } from './accounts-store.ts'
import { createCalls } from './calls.ts'
import { type CallRow, createCallStore } from './calls-store.ts'
import { createEventStore } from './events-store.ts'
import { createIntake, type MeetingNews } from './intake.ts'
import { createHomeserverListener } from './listener.ts'
import { createLogins, type Logins } from './logins.ts'
import { createLoginStore } from './logins-store.ts'
import { createNameStore } from './names-store.ts'
import { createPasswordLogin } from './password-login.ts'
import { createPersonCalls, type Relations } from './person.ts'
import { createProvisioning } from './provisioning.ts'
import { createSignIns } from './sign-ins.ts'
import { createHomeserverWatch } from './watch.ts'

/** Between two looks at what is to be done; what happens here is not waited for. */
const LOOK_MS = 5_000
const CALLS_LOOK_MS = 2_000
const ROUND_LEASE_MS = 60_000
const SIGN_IN_LEASE_MS = 30_000
/** Instances that are woken for messages at once. */
const AT_ONCE = 16
const WEEK_MS = 7 * 86_400_000

export interface HomeserverModuleOptions {
  env: Pick<
    Env,
    'PLATFORM_SECRET' | 'INSTANCE_HOMESERVER_URL' | 'HOMESERVER_PUBLIC_URL' | 'HOMESERVER_HS_TOKEN'
  >
  hosts: Pick<Hosts, 'matrixOrigin'>
  database: Database
  processId: string
  /** `null`: this platform has none. */
  homeserver: Homeserver | null
  tenantsModule: Pick<TenantsModule, 'cache'>
  handOver: HandOver
  limits: Pick<Limits, 'auth' | 'passwordAttempts' | 'matrixDevices'>
  news: MeetingNews
  audit: Audit
  clock: Clock
  log: Log
}

export interface HomeserverModule {
  calls: InstanceCalls
  /** What instances ask of people. */
  personCalls: (relations: Relations) => InstanceCalls
  logins: Logins | null
  /** Of `matrix.DOMAIN`: where people's own clients sign in. */
  clientRoutes: Hono | null
  /** What the homeserver calls; `null`: there is none. */
  listener: RequestListener | null
  state: () => Promise<HomeserverState>
  deleteOld: () => Promise<void>
  close: () => Promise<void>
}

const off = async (): Promise<MatrixAccess> => ({ state: 'off' })

const NOTHING: HomeserverModule = {
  calls: { 'GET /matrix': off, 'POST /matrix/device': off },
  personCalls: () => ({}),
  logins: null,
  clientRoutes: null,
  listener: null,
  state: async () => ({ state: 'off', since: null, why: null, pending: 0, refused: 0, plaintext7d: 0 }),
  deleteOld: async () => undefined,
  close: async () => undefined,
}

export async function createHomeserverModule(options: HomeserverModuleOptions): Promise<HomeserverModule> {
  const { homeserver } = options
  return homeserver ? createPresent({ ...options, homeserver }) : NOTHING
}

type PresentOptions = HomeserverModuleOptions & { homeserver: Homeserver }

async function createPresent(options: PresentOptions): Promise<HomeserverModule> {
  const { env, database, homeserver, tenantsModule, clock, log } = options
  const { cache } = tenantsModule
  const accounts = createAccountStore(database)
  const events = createEventStore(database)
  const watch = createHomeserverWatch({ homeserver, clock, log })
  const provisioning = startProvisioning({ ...options, accounts, watch })
  const telling = await startTelling(options)
  const intake = createIntake({ store: events, homeserver, onCall: telling.look, news: options.news, log })
  const access = createAccess({ ...options, accounts })
  const hono = createHomeserverListener({ hsToken: env.HOMESERVER_HS_TOKEN ?? '', intake, log })

  return {
    calls: {
      'GET /matrix': access.access,
      async 'POST /matrix/device'(instanceId) {
        await options.limits.matrixDevices.take(instanceId)
        return access.newDevice(instanceId)
      },
    },
    personCalls: createPersonCalls({
      ...{ accounts, serverName: homeserver.serverName },
      ownerOf: (id) => cache.get(id)?.userId,
      instanceOf: (id) => [...cache.all()].find(({ userId }) => userId === id)?.id,
    }),
    logins: createLogins({
      ...{ homeserver, audit: options.audit, clock, log },
      store: createLoginStore(database),
      seal: createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'matrix-token' }),
      homeserverUrl: env.HOMESERVER_PUBLIC_URL ?? options.hosts.matrixOrigin,
      async localpartOf(userId: UserId) {
        const row = [...cache.all()].find((each) => each.userId === userId)
        const made = row ? await accounts.made(row.id) : []
        return made.find(({ kind }) => kind === 'person')?.localpart ?? null
      },
    }),
    clientRoutes: createPasswordLogin({
      ...{ homeserver, store: createLoginStore(database), log },
      open: createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'matrix-token' }).open,
      limits: { perNetwork: options.limits.auth, perAccount: options.limits.passwordAttempts },
    }),
    listener: getRequestListener(hono.fetch),
    async state() {
      const [counts, plaintext7d] = await Promise.all([
        accounts.counts(),
        events.alarmsSince(new Date(clock.now() - WEEK_MS)),
      ])
      const seen = watch.seen() ?? { state: 'down', since: null, why: 'It has not been asked yet.' }
      return { ...seen, ...counts, plaintext7d }
    },
    deleteOld: events.deleteOld,
    async close() {
      await provisioning.close()
      await telling.close()
    },
  }
}

type AccountsOptions = PresentOptions & { accounts: ReturnType<typeof createAccountStore> }

/** What an instance is given. One process at a time signs one account in. */
function createAccess(options: AccountsOptions) {
  const { env, database, homeserver, tenantsModule, accounts, clock, log } = options
  const { hold, release } = createSignIns({
    runnerOf: (localpart) =>
      createSoleRunner({
        ...{ db: database.db, name: `matrix-sign-in ${localpart}`, leaseMs: SIGN_IN_LEASE_MS },
        processId: options.processId,
      }),
    log,
  })
  return createMatrixAccess({
    ...{ homeserver, store: accounts, hold, release, clock, log },
    seal: createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'matrix-token' }),
    generationOf: (id: InstanceId) => tenantsModule.cache.get(id)?.aiTokenGeneration,
    homeserverUrl: env.INSTANCE_HOMESERVER_URL ?? '',
  })
}

/** Looks again and again, and at once when somebody came or went. One api at a time does what is to be done. */
function startProvisioning(options: AccountsOptions & { watch: ReturnType<typeof createHomeserverWatch> }) {
  const { env, database, processId, homeserver, accounts, watch, tenantsModule, clock, log } = options
  const sole = createSoleRunner({
    ...{ db: database.db, name: 'homeserver', processId, leaseMs: ROUND_LEASE_MS },
  })
  const round = createProvisioning({
    ...{ homeserver, store: accounts, hold: sole.hold, clock, log },
    logins: createLoginStore(database),
    names: createNameStore(database),
    open: createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'matrix-token' }).open,
  })
  let underWay: Promise<void> | null = null
  let isAsked = false
  const look = async (): Promise<void> => {
    if (!(await watch.look())) return
    await round().catch(async (error: unknown) => {
      if (!(error instanceof HomeserverError)) throw error
      await watch.look()
    })
  }
  const run = async (): Promise<void> => {
    if (underWay) {
      isAsked = true
      return underWay
    }
    underWay = look().finally(() => {
      underWay = null
    })
    await underWay
    if (!isAsked) return
    isAsked = false
    await run()
  }
  const loop = startLoop('homeserver', LOOK_MS, log, run)
  const forget = tenantsModule.cache.onChange(({ added, removed, row }) => {
    if (!added && !removed && row.desired !== 'deleted') return
    void run().catch((error: unknown) =>
      log.warn({ err: error }, 'accounts were not looked at; the loop will'),
    )
  })
  return {
    async close(): Promise<void> {
      forget()
      await loop.close()
      await underWay?.catch(() => undefined)
      await sole.release().catch((error: unknown) => log.warn({ err: error }, 'the lease runs out by itself'))
    },
  }
}

async function startTelling({ database, processId, handOver, clock, log }: PresentOptions) {
  const store = createCallStore({ db: database.db, processId })
  if (database.exclusive) await store.freeAll()
  const worker = createWorker<CallRow>({
    ...{ name: 'matrix-calls', keyOf: ({ instanceId }) => instanceId, most: AT_ONCE, log },
    ...{ claim: store.claim, renew: store.renew },
    perform: createCalls({ store, handOver, clock, log }),
  })
  const loop = startLoop('matrix-calls', CALLS_LOOK_MS, log, worker.run)
  return {
    look: () =>
      void worker
        .run()
        .catch((error: unknown) => log.warn({ err: error }, 'messages were not looked for; the loop will')),
    async close(): Promise<void> {
      await loop.close()
      await worker.close()
      await store
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'leases run out by themselves'))
    },
  }
}
