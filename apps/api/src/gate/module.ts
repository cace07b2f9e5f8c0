/** Wires what stands in front of instances: the gate, the hand-off of sessions, and what the edge calls. */
import type { RequestListener } from 'node:http'
import type { Hosts } from '@matrixos/shared'
import type { Publications, Shares } from '../access/policy.ts'
import type { AuthModule } from '../auth/module.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { type Env, toMs } from '../env.ts'
import type { EventStreams } from '../http/event-streams.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { TenantsModule } from '../tenants/module.ts'
import { createAppHosts } from './app-hosts.ts'
import { createAppLaunch } from './app-launch.ts'
import { createAppTokens } from './app-token.ts'
import { createCheckResponses } from './check-response.ts'
import { createConnectionLimit } from './connections.ts'
import { createHandOff } from './hand-off.ts'
import { createHostLookup } from './host-lookup.ts'
import { createLaunchRoutes } from './launch.ts'
import { createGateListener, type PreviewPicture } from './listener.ts'
import { createPassesModule } from './passes/module.ts'
import { createGate } from './service.ts'
import { createServiceListener } from './service-listener.ts'
import { createTicketStore } from './store.ts'
import { createViewerOf } from './viewer.ts'
import { createVisitors } from './visitors.ts'

export interface GateModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  tenantsModule: TenantsModule
  auth: AuthModule
  shares: Shares
  publications: Publications
  previewPicture: PreviewPicture
  limits: Limits
  streams: EventStreams
  clock: Clock
  log: Log
}

export function createGateModule(options: GateModuleOptions) {
  const { env, hosts, database, tenantsModule, auth, limits, streams, clock, log } = options
  const { shares, publications, previewPicture } = options
  const { cache, tenants, usage, lineOf } = tenantsModule
  const { accounts, sessions, sessionStore } = auth
  const holdMs = toMs(env.WAKE_HOLD_S)
  const store = createTicketStore(database)
  const tokens = createAppTokens({ platformSecret: env.PLATFORM_SECRET, clock })
  const handOff = createHandOff({
    ...{ hosts, cache, tenants, shares, store, tokens, clock },
    sessions: sessionStore,
    limit: limits.tickets,
  })
  const responses = createCheckResponses({ hosts, clock, lineOf })
  const passes = createPassesModule({ env, hosts, cache, sessions, usage, clock, log })
  const viewerOf = createViewerOf({ tokens, sessions })
  const access = { shares, publications, viewerOf }
  const appHosts = createAppHosts({ publications, limit: limits.appCertificates })
  const appLaunch = createAppLaunch({ ...access, hosts, cache, tenants, handOff, responses, appHosts })
  const visitors = createVisitors({
    ...{ publications, responses, usage, limits: limits.visitors },
    addressOf: (handle, app) => `${hosts.instanceAppOrigin(handle, app)}/`,
    nonce: () => Buffer.from(clock.random(32)).toString('base64url'),
    monotonic: clock.monotonic,
  })
  const gate = createGate({
    ...{ ...access, hosts, cache, tenants, sessions, usage, visitors, clock },
    instanceOf: createHostLookup({ cache, tenants, limit: limits.unknownHosts }),
    connections: createConnectionLimit({
      usage,
      clock,
      mostWebSockets: env.WEBSOCKETS_PER_INSTANCE,
      mostInFlight: env.IN_FLIGHT_PER_INSTANCE,
    }),
    responses,
    passes: passes.passes,
    isClaimable: async (handle) => (await accounts.availability(handle)).status === 'ok',
    tokenOf: tenantsModule.tokenOf,
    recheck: tenantsModule.recheck,
    holdMs,
    pageAfterMs: toMs(env.PAGE_AFTER_S),
    mostWaiting: env.WAITING_PER_INSTANCE,
  })

  return {
    /** What the edge asks, and passes on from instances' hosts. */
    listener: createGateListener({
      ...{ ...access, hosts, gate, sessions, handOff, appLaunch, responses, cache, tenants, lineOf },
      ...{ previewPicture, streams, log, holdMs },
    }),

    /** Where `app.DOMAIN` hands a session over. */
    launch: createLaunchRoutes({ sessions, handOff, log }),

    /** What the platform's own parts call; `trpc` answers `/trpc`. */
    serviceListener: (trpc: RequestListener): RequestListener =>
      createServiceListener({
        hosts,
        hasHomeserver: env.HOMESERVER_URL !== undefined,
        cache,
        tenants,
        appHosts,
        lookups: limits.certificateLookups,
        log,
        trpc,
        holdMs,
      }),

    deleteExpired: store.deleteExpired,
    close: passes.close,
  }
}
