/** What an edge driver is, and the options every driver gets. */
import { join } from 'node:path'
import type { Hosts, Route } from '@matrixos/shared'
import type { Limits } from './policy/limits.ts'

/** Absolute paths of the unix sockets of the platform's own services. */
export interface Sockets {
  api: string
  gate: string
  /** What the edge itself calls: no visitor's request is ever passed to it. */
  service: string
  spa: string
  /** Through which Caddy passes requests of groups: the edge's own, where their streams can be ended. */
  groups: string
}

export const socketsIn = (runDir: string): Sockets => ({
  api: join(runDir, 'api.sock'),
  gate: join(runDir, 'gate.sock'),
  service: join(runDir, 'service.sock'),
  spa: join(runDir, 'spa.sock'),
  groups: join(runDir, 'groups.sock'),
})

export type Tls = 'off' | 'internal' | 'on_demand'

export interface EdgeOptions {
  hosts: Hosts
  sockets: Sockets
  /** `host:port` of the public listener. */
  listen: string
  /** Addresses and CIDR ranges of the proxies in front, whose word about their clients counts. */
  trustedProxies: readonly string[]
  limits: Limits
  /** `host:port` of the homeserver, which answers at `matrix.DOMAIN`; absent: there is none. */
  homeserver?: string
}

/** Requests in flight by upstream `host:port`, open WebSockets and streams included. */
export type InFlight = Record<string, number>

export interface EdgeDriver {
  /** Makes these the routes. Returns at once: the driver applies them as soon as it can, the last call wins. */
  apply: (routes: readonly Route[]) => void
  /** Closes what is in flight to this upstream (`host:port`): whoever was let in there has to ask again. */
  closeStreams: (upstream: string) => void
  /** Closes what is in flight of a group, and nothing else to the same upstream. */
  closeGroup: (group: string) => void
  /** Throws when the counts cannot be had. Leaves out what groups have open. */
  inFlight: () => Promise<InFlight>
  /** The same of groups alone. */
  grouped: () => InFlight
  /** Stops what the driver runs itself. A Caddy goes on serving its last configuration. */
  close: () => Promise<void>
}
