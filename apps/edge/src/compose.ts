/** Wires the edge: a driver, its route feed, and the reports of what is in flight. */

import { join } from 'node:path'
import { findCaddy } from '@matrixos/host/caddy/binary'
import { hostsFrom, PASS_FOLDER } from '@matrixos/shared'
import { createApiClient } from './api/client.ts'
import { startInFlightReports } from './api/in-flight.ts'
import { startRouteFeed } from './api/route-feed.ts'
import { createRouteSource } from './api/route-source.ts'
import { type EdgeDriver, type EdgeOptions, socketsIn } from './driver.ts'
import { createCaddyDriver } from './drivers/caddy/driver.ts'
import { startPassSweeper } from './drivers/caddy/pass-sweeper.ts'
import { createEmbeddedDriver } from './drivers/embedded/driver.ts'
import type { Env } from './env.ts'
import { createGroups } from './groups/groups.ts'
import { startGroupRelay } from './groups/relay.ts'
import type { Log } from './log.ts'
import { answerMsFor, LIMITS } from './policy/limits.ts'
import { realTimers } from './timers.ts'

export interface Edge {
  close: () => Promise<void>
}

/** Resolves when the edge serves (embedded), or has begun to bring Caddy to do so. */
export async function startEdge(env: Env, log: Log): Promise<Edge> {
  const timers = realTimers
  if (env.PUBLIC_URL.startsWith('https:') && env.EDGE_TLS === 'off' && env.TRUSTED_PROXIES.length === 0)
    log.warn('TRUSTED_PROXIES is empty: behind a TLS terminator all visitors share one network address.')
  const options: EdgeOptions = {
    hosts: hostsFrom(env),
    sockets: socketsIn(env.RUN_DIR),
    listen: env.EDGE_LISTEN,
    trustedProxies: env.TRUSTED_PROXIES,
    ...(env.HOMESERVER_URL !== undefined && !env.SINGLE && { homeserver: addressOf(env.HOMESERVER_URL) }),
    limits: {
      ...LIMITS,
      connectionsPerNetwork: env.EDGE_CONNECTIONS_PER_NETWORK,
      platformAnswerMs: answerMsFor(env.WAKE_HOLD_S),
    },
  }
  const driver =
    env.EDGE_DRIVER === 'caddy' ? await caddy(env, options, log) : await createEmbeddedDriver(options)
  const api = createApiClient({ serviceSocket: options.sockets.service, token: env.EDGE_TOKEN })
  const feed = startRouteFeed({
    source: createRouteSource(api.client, timers),
    apply: driver.apply,
    closeStreams: driver.closeStreams,
    closeGroup: driver.closeGroup,
    resyncMs: env.RESYNC_MS,
    ...{ log, timers },
  })
  const reports = startInFlightReports({
    read: driver.inFlight,
    grouped: driver.grouped,
    report: (report) => api.client.gate.reportInFlight.mutate(report),
    intervalMs: env.IN_FLIGHT_INTERVAL_MS,
    ...{ log, timers },
  })
  return {
    close: async () => {
      reports.close()
      feed.close()
      await driver.close()
      await api.close()
    },
  }
}

/** `host:port` of a URL. */
const addressOf = (url: string): string => {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || '80'}`
}

async function caddy(env: Env, options: EdgeOptions, log: Log): Promise<EdgeDriver> {
  // Which binary serves is known only where one is named; elsewhere a refused configuration tells.
  if (env.CADDY_BIN) findCaddy({ binary: env.CADDY_BIN })
  const passFolder = join(env.RUN_DIR, PASS_FOLDER)
  const sweeper = startPassSweeper({ folder: passFolder, lifeMs: env.PASS_S * 1000, log, timers: realTimers })
  const groups = createGroups(options.limits)
  const relay = await startGroupRelay({ socketPath: options.sockets.groups, groups })
  const driver = createCaddyDriver({
    ...options,
    ...(env.PASS_S > 0 && { passFolder }),
    tls: env.EDGE_TLS,
    askListen: env.EDGE_ASK_LISTEN,
    adminAddress: env.CADDY_ADMIN,
    resyncMs: env.RESYNC_MS,
    streamMemoryBytes: env.CADDY_STREAM_MEMORY_BYTES,
    timers: realTimers,
    groups,
    log,
  })
  return {
    ...driver,
    close: async () => {
      sweeper.close()
      await driver.close()
      await relay.close()
    },
  }
}
