/** Which of the platform's services a request is for, by its host and path. */
import { type Hosts, PLATFORM_PATH } from '@matrixos/shared'
import type { Sockets } from '../../driver.ts'

export type Destination = { type: 'service'; socketPath: string } | { type: 'instance' } | { type: 'unknown' }

/**
 * Dots in the path are resolved before it is looked at, as the services behind do: else `/.mos/../trpc` would be
 * let through as one of the platform's paths, and be another one there.
 */
export function destinationOf(
  request: { host: string; uri: string },
  hosts: Hosts,
  sockets: Sockets,
): Destination {
  const host = request.host.toLowerCase().replace(/:\d+$/, '')
  const path = pathOf(request.uri)
  const below = (name: string) => path === name || path.startsWith(`${name}/`)
  const service = (socketPath: string): Destination => ({ type: 'service', socketPath })
  if (host === hosts.app) return service(below('/trpc') || below('/launch') ? sockets.api : sockets.spa)
  if (host === hosts.api) return service(sockets.api)
  if (host === hosts.domain) return service(sockets.spa)
  if (hosts.handleOf(host) === null) return { type: 'unknown' }
  return path.startsWith(PLATFORM_PATH) ? service(sockets.gate) : { type: 'instance' }
}

function pathOf(uri: string): string {
  try {
    return new URL(`http://host${uri.startsWith('/') ? '' : '/'}${uri}`).pathname
  } catch {
    return '/'
  }
}
