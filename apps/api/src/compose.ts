/** The composition root: everything is constructed here, once, complete. */

import { timingSafeEqual } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { hostsOf } from '@matrixos/shared'
import { Hono } from 'hono'
import { createAudit } from './audit/store.ts'
import { createAccountStore } from './auth/account-store.ts'
import { createAccounts } from './auth/accounts.ts'
import { createChallenges } from './auth/challenges.ts'
import { createPasskeyLogin } from './auth/passkey-login.ts'
import { createPasswordQueue } from './auth/password-queue.ts'
import { createSessionStore } from './auth/session-store.ts'
import { createSessions } from './auth/sessions.ts'
import { createSignUpLimit } from './auth/sign-up-limit.ts'
import { createTotpLogin } from './auth/totp-login.ts'
import { createUserViews } from './auth/user-view.ts'
import type { Clock } from './clock.ts'
import { createLimits } from './compose-limits.ts'
import { composeTenants } from './compose-tenants.ts'
import type { Database } from './db/database.ts'
import { type Env, toMs } from './env.ts'
import { createEventStreams } from './event-streams.ts'
import { createAnswers } from './gate/answers.ts'
import { createAppTokens } from './gate/app-token.ts'
import { createConnectionLimit } from './gate/connections.ts'
import { createHandOff } from './gate/hand-off.ts'
import { createHostLookup } from './gate/host-lookup.ts'
import { createGateListener } from './gate/listener.ts'
import { createGate } from './gate/service.ts'
import { createServiceListener } from './gate/service-listener.ts'
import { sha256 } from './keys.ts'
import type { Log } from './log.ts'
import type { HostMemory } from './ports/host-memory.ts'
import type { Runtime } from './ports/runtime.ts'
import { createAppRouter, createPublicRouter } from './router.ts'
import { createServer, limitBody, trpcHandler } from './server.ts'
import { startLoop } from './tenants/loops.ts'
import { isHealthy } from './tenants/probe.ts'
import { instanceToken } from './tenants/spec.ts'

export interface ComposeOptions {
  env: Env
  database: Database
  runtime: Runtime
  memory: HostMemory
  clock: Clock
  log: Log
}

export interface App {
  /** `app.DOMAIN` and `api.DOMAIN`. */
  publicListener: RequestListener
  /** What the edge asks and passes on from instances' hosts: the gate and the hand-off. */
  gateListener: RequestListener
  /** What the platform's own parts call. */
  serviceListener: RequestListener
  close: () => Promise<void>
}

const TIDY_MS = 60_000
/** With the time that a question takes, what nobody told of still ends within the promised 5 s. */
const SESSION_ENDS_MS = 4_000
/** A report of what is in flight at every address of a large platform. */
const SERVICE_BODY_BYTES = 1024 * 1024

/** Needs a migrated database. */
export async function compose({ env, database, runtime, memory, clock, log }: ComposeOptions): Promise<App> {
  const hosts = hostsOf(env.PUBLIC_URL, env.INSTANCE_DOMAIN)
  const platformSecret = env.PLATFORM_SECRET
  const { db } = database
  const audit = createAudit({ db, clock })
  const kept = await composeTenants({ env, hosts, database, runtime, memory, clock, log })
  const { mirror, tenants, usage, resync } = kept

  const accountStore = createAccountStore(database)
  const sessionStore = createSessionStore(database)
  const limits = createLimits(env, database)
  const sessions = await createSessions({
    store: sessionStore,
    database,
    audit,
    clock,
    log,
    platformSecret,
    graceMs: toMs(env.SESSION_GRACE_S),
    mostSessions: env.SESSIONS_PER_ACCOUNT,
    mostStreams: env.STREAMS_PER_SESSION,
  })
  const signUps = createSignUpLimit(limits.signUps)
  const accounts = createAccounts({ db, store: accountStore, tenants, signUps, audit, clock })
  const challenges = createChallenges({ store: sessionStore, clock })
  const login = { accounts, store: accountStore, challenges, sessions, audit, clock }
  const rp = { id: hosts.app, name: 'Matrix OS', origin: hosts.appOrigin }
  const passkeys = createPasskeyLogin({ ...login, rp })
  const totp = createTotpLogin({
    ...login,
    issuer: `Matrix OS (${hosts.domain})`,
    platformSecret,
    passwordAttempts: limits.passwordAttempts,
    passwords: createPasswordQueue({
      atOnce: env.PASSWORD_HASHES_AT_ONCE,
      waiting: env.PASSWORD_HASHES_WAITING,
    }),
  })

  const tokens = createAppTokens({ platformSecret, clock })
  const handOff = createHandOff({
    hosts,
    mirror,
    store: sessionStore,
    tokens,
    limit: limits.tickets,
    clock,
  })
  const gate = createGate({
    hosts,
    mirror,
    tenants,
    instanceOf: createHostLookup({ mirror, tenants, limit: limits.unknownHosts }),
    connections: createConnectionLimit({
      usage,
      clock,
      mostWebSockets: env.WEBSOCKETS_PER_INSTANCE,
      mostInFlight: env.IN_FLIGHT_PER_INSTANCE,
    }),
    sessions,
    usage,
    tokens,
    answers: createAnswers({ hosts, clock }),
    isClaimable: async (handle) => (await accounts.availability(handle)).status === 'ok',
    tokenOf: (handle) => instanceToken(platformSecret, handle),
    recheck: async (row) => {
      await resync.one(row.id)
      const { address, observed } = mirror.get(row.id) ?? row
      return observed !== 'running' || address === null || (await isHealthy(address))
    },
    clock,
    holdMs: toMs(env.WAKE_HOLD_S),
    pageAfterMs: toMs(env.PAGE_AFTER_S),
    mostWaiting: env.WAITING_PER_INSTANCE,
  })

  const users = createUserViews({ store: accountStore })
  const router = createAppRouter({
    accounts,
    passkeys,
    totp,
    sessions,
    users,
    audit,
    limit: limits.auth,
    lookupLimit: limits.handleLookups,
    statsLimit: limits.stats,
    tenants,
    mirror,
    usage,
  })
  const streams = createEventStreams({ limitMs: toMs(env.EVENT_STREAM_S), clock })
  const isService = serviceCheck(env.EDGE_TOKEN)
  // The edge's subscription goes through no edge, and while it is away a command to close streams is lost: no end.
  const forService = trpcHandler({ router, log, callsPerBatch: env.CALLS_PER_BATCH }, ({ headers }) => ({
    isService: isService(headers.get('authorization')),
    session: async () => null,
  }))
  const service = new Hono()
    .use(limitBody(SERVICE_BODY_BYTES))
    .all('/trpc/*', (context) => forService(context.req.raw))
  const ends = startLoop('session-ends', SESSION_ENDS_MS, log, sessions.catchUp)
  const tidy = startLoop('tidy', TIDY_MS, log, async () => {
    const now = new Date(clock.now())
    await sessionStore.deleteExpired(now)
    await limits.deleteExpired()
    await audit.deleteOld()
  })

  return {
    publicListener: getRequestListener(
      createServer({
        ...{ hosts, router, sessions, handOff, streams, log },
        publicRouter: createPublicRouter({ tenants, statsLimit: limits.stats }),
        callsPerBatch: env.CALLS_PER_BATCH,
        bodyBytes: env.CALL_BODY_BYTES,
      }),
    ),
    serviceListener: createServiceListener({
      hosts,
      mirror,
      tenants,
      lookups: limits.certificateLookups,
      log,
      trpc: getRequestListener(service.fetch),
    }),
    gateListener: createGateListener({
      hosts,
      gate,
      sessions,
      handOff,
      tokens,
      mirror,
      tenants,
      streams,
      log,
    }),
    async close(): Promise<void> {
      await Promise.all([tidy.close(), ends.close()])
      await sessions.deafen()
      await kept.close()
    },
  }
}

/** Digests are compared, so that neither length nor content shows in the time it takes. */
function serviceCheck(edgeToken: string): (authorization: string | null) => boolean {
  const expected = Buffer.from(sha256(`Bearer ${edgeToken}`))
  return (authorization) => timingSafeEqual(Buffer.from(sha256(authorization ?? '')), expected)
}
