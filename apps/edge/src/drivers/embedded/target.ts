/** Which of the platform's services a request is for, by its host and its path exactly as sent. */
import type { Hosts } from '@matrixos/shared'
import type { Sockets } from '../../driver.ts'
import { unknownHostPage } from '../../policy/pages.ts'
import { AMBIGUOUS_PATTERN, APP_API_PATTERN, GATE_PATTERN } from '../../policy/paths.ts'
import { MALFORMED, UNKNOWN_HOST } from '../../policy/texts.ts'
import { Refusal } from './refusal.ts'

export type Destination = { type: 'service'; socketPath: string } | { type: 'instance' }

const appApi = new RegExp(APP_API_PATTERN)
const gate = new RegExp(GATE_PATTERN)
const ambiguous = new RegExp(AMBIGUOUS_PATTERN)

/** Throws a Refusal for other hosts, and for paths that a service of the platform could read in another way. */
export function destinationOf(
  request: { host: string; uri: string },
  hosts: Hosts,
  sockets: Sockets,
): Destination {
  const socketPath = serviceOf(request, hosts, sockets)
  if (socketPath === null) return { type: 'instance' }
  if (ambiguous.test(request.uri)) throw new Refusal(400, MALFORMED)
  return { type: 'service', socketPath }
}

/** `null`: none of them, but an instance. */
function serviceOf({ host, uri }: { host: string; uri: string }, hosts: Hosts, sockets: Sockets) {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (name === hosts.app) return appApi.test(uri) ? sockets.api : sockets.spa
  if (name === hosts.api) return sockets.api
  if (hosts.hostedAt(name) !== null) return gate.test(uri) ? sockets.gate : null
  if (name === hosts.domain) return sockets.spa
  throw new Refusal(404, UNKNOWN_HOST, { page: unknownHostPage(hosts.landingOrigin) })
}
