/** Wires what stands in front of instances: the gate, the hand-off of sessions, and what the edge calls. */
import type { RequestListener } from 'node:http'
import type { Hosts } from '@matrixos/shared'
import type { Shares } from '../access/policy.ts'
import type { AuthModule } from '../auth/module.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { type Env, toMs } from '../env.ts'
import type { EventStreams } from '../http/event-streams.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { TenantsModule } from '../tenants/module.ts'
import { createAppTokens } from './app-token.ts'
import { createCheckResponses } from './check-response.ts'
import { createConnectionLimit } from './connections.ts'
import { createHandOff } from './hand-off.ts'
import { createHostLookup } from './host-lookup.ts'
import { createLaunchRoutes } from './launch.ts'
import { createGateListener } from './listener.ts'
import { createPassesModule } from './passes/module.ts'
import { createGate } from './service.ts'
import { createServiceListener } from './service-listener.ts'
import { createTicketStore } from './store.ts'

export interface GateModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  tenantsModule: TenantsModule
  auth: AuthModule
  shares: Shares
  limits: Limits
  streams: EventStreams
  clock: Clock
  log: Log
}

export function createGateModule(options: GateModuleOptions) {
  const { env, hosts, database, tenantsModule, auth, shares, limits, streams, clock, log } = options
  const { cache, tenants, usage } = tenantsModule
  const { accounts, sessions, sessionStore } = auth
  const holdMs = toMs(env.WAKE_HOLD_S)
  const store = createTicketStore(database)
  const tokens = createAppTokens({ platformSecret: env.PLATFORM_SECRET, clock })
  const handOff = createHandOff({
    ...{ hosts, cache, tenants, shares, store, tokens, clock },
    sessions: sessionStore,
    limit: limits.tickets,
  })
  const responses = createCheckResponses({ hosts, clock })
  const passes = createPassesModule({ env, hosts, cache, sessions, usage, clock, log })
  const gate = createGate({
    ...{ hosts, cache, tenants, sessions, shares, usage, tokens, clock },
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
      ...{ hosts, gate, sessions, shares, handOff, tokens, responses, cache, tenants, streams, log, holdMs },
    }),

    /** Where `app.DOMAIN` hands a session over. */
    launch: createLaunchRoutes({ sessions, handOff, log }),

    /** What the platform's own parts call; `trpc` answers `/trpc`. */
    serviceListener: (trpc: RequestListener): RequestListener =>
      createServiceListener({
        hosts,
        cache,
        tenants,
        lookups: limits.certificateLookups,
        log,
        trpc,
        holdMs,
      }),

    deleteExpired: store.deleteExpired,
    close: passes.close,
  }
}
