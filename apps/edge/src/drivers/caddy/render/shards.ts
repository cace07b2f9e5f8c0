/**
 * Lays tenants' routes in a tree of subroutes, so that Caddy looks at a few dozen matchers a request however many
 * tenants there are. The shards at the top have ids of their own: one tenant's change rewrites one of them.
 */

import type { CaddyRoute } from './types.ts'

/** Children of a node, and routes of a leaf, at most on average. */
const FANOUT = 24

const SHARD_ID_PREFIX = 'mos-shard-'
export const TENANT_ID_PREFIX = 'tenant-'

/** FNV-1a, 32 bits: the same handle falls into the same shard whoever computes it. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

const tenantRoute = (handle: string, host: string): CaddyRoute => ({
  '@id': `${TENANT_ID_PREFIX}${handle}`,
  match: [{ host: [host] }],
  handle: [{ handler: 'invoke', name: 'instance' }],
  terminal: true,
})

/** Levels of subroutes above the leaves for this many tenants. */
export const depthFor = (tenants: number): number =>
  tenants <= FANOUT ? 0 : Math.ceil(Math.log(tenants) / Math.log(FANOUT)) - 1

/** Top-level shards for the handles, always as many as the depth says, empty ones included. */
export function renderShards(handles: readonly string[], hostOf: (handle: string) => string): CaddyRoute[] {
  const sorted = [...new Set(handles)].sort()
  const depth = depthFor(sorted.length)
  const shards = depth === 0 ? [sorted] : split(sorted, 1)
  return shards.map((members, i) => ({
    '@id': `${SHARD_ID_PREFIX}${i}`,
    ...subroute(members, { depth: depth - 1, divisor: FANOUT, hostOf }),
  }))
}

function split(handles: readonly string[], divisor: number): string[][] {
  const parts: string[][] = Array.from({ length: FANOUT }, () => [])
  for (const handle of handles) parts[Math.floor(hash(handle) / divisor) % FANOUT]?.push(handle)
  return parts
}

interface Level {
  depth: number
  divisor: number
  hostOf: (handle: string) => string
}

function subroute(handles: readonly string[], level: Level): CaddyRoute {
  const children =
    level.depth <= 0
      ? handles.map((handle) => tenantRoute(handle, level.hostOf(handle)))
      : split(handles, level.divisor)
          .filter((part) => part.length > 0)
          .map((part) =>
            subroute(part, { ...level, depth: level.depth - 1, divisor: level.divisor * FANOUT }),
          )
  return {
    match: [{ host: handles.map(level.hostOf) }],
    handle: [{ handler: 'subroute', routes: children }],
    terminal: true,
  }
}
