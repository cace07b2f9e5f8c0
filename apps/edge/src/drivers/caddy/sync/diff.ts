/** The smallest single write that turns Caddy's live server into the wanted one, others' routes untouched. */

import { isDeepStrictEqual } from 'node:util'
import { type CaddyServer, SERVER_NAME, TENANTS_ID, UNKNOWN_ID } from '../render/config.ts'
import { TENANT_ID_PREFIX } from '../render/shards.ts'
import type { CaddyRoute } from '../render/types.ts'

export const SERVER_PATH = `/config/apps/http/servers/${SERVER_NAME}`

export interface Change {
  method: 'PUT' | 'PATCH'
  path: string
  value: unknown
}

/**
 * Every write makes Caddy build its whole configuration anew, whatever its size: so it is one write, and only its
 * size depends on what changed.
 */
export function diff(live: CaddyServer | null, wanted: CaddyServer): Change | null {
  if (!live) return { method: 'PUT', path: SERVER_PATH, value: wanted }
  const merged = withForeign(live, wanted)
  if (!isDeepStrictEqual(frame(live), frame(merged)))
    return { method: 'PATCH', path: SERVER_PATH, value: merged }
  return shardChange(shardsOf(live), shardsOf(wanted), wanted)
}

function shardChange(live: CaddyRoute[], wanted: CaddyRoute[], server: CaddyServer): Change | null {
  const whole: Change = { method: 'PATCH', path: `/id/${TENANTS_ID}`, value: tenantsOf(server) }
  if (live.length !== wanted.length) return whole
  const changed = wanted.filter((shard, i) => !isDeepStrictEqual(shard, live[i]))
  const [first] = changed
  if (!first) return null
  return changed.length === 1 ? { method: 'PATCH', path: `/id/${first['@id']}`, value: first } : whole
}

const tenantsOf = (server: CaddyServer) => server.routes.find((route) => route['@id'] === TENANTS_ID)

export function shardsOf(server: CaddyServer): CaddyRoute[] {
  const shards = tenantsOf(server)?.handle[0]?.routes
  return Array.isArray(shards) ? shards : []
}

/** The server without its tenants' routes. */
function frame(server: CaddyServer): CaddyServer {
  return {
    ...server,
    routes: server.routes.filter((route) => route['@id'] !== TENANTS_ID).concat(marker(server)),
  }
}

/** Stands for the tenants' routes: where they are matters, and that they are there. */
const marker = (server: CaddyServer): CaddyRoute => ({
  '@id': `at ${server.routes.findIndex((route) => route['@id'] === TENANTS_ID)}`,
  handle: [],
})

const isOurs = (route: CaddyRoute) =>
  route['@id']?.startsWith('mos-') || route['@id']?.startsWith(TENANT_ID_PREFIX)

/** Others' routes in our server keep their place before or after ours; the last word stays with the 404. */
function withForeign(live: CaddyServer, wanted: CaddyServer): CaddyServer {
  const first = live.routes.findIndex(isOurs)
  const foreign = (from: number, to?: number) => live.routes.slice(from, to).filter((route) => !isOurs(route))
  const before = foreign(0, Math.max(0, first))
  const after = foreign(Math.max(0, first))
  const last = wanted.routes.filter((route) => route['@id'] === UNKNOWN_ID)
  const ours = wanted.routes.filter((route) => route['@id'] !== UNKNOWN_ID)
  return { ...live, ...wanted, routes: [...before, ...ours, ...after, ...last] }
}
