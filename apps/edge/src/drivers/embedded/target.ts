/** Which of the platform's services a request is for, by its host and its path exactly as sent. */
import type { Hosts } from '@matrixos/shared'
import type { Sockets } from '../../driver.ts'
import { unknownHostPage } from '../../policy/pages.ts'
import {
  AMBIGUOUS_PATTERN,
  APP_API_PATTERN,
  GATE_PATTERN,
  HOMESERVER_LOGIN_PATTERN,
  HOMESERVER_PATTERN,
} from '../../policy/paths.ts'
import { MALFORMED, UNKNOWN_HOST } from '../../policy/texts.ts'
import { Refusal } from './refusal.ts'
import { type Target, targetOf } from './send.ts'

export type Destination =
  | { type: 'service'; socketPath: string }
  | { type: 'homeserver'; target: Target }
  | { type: 'instance' }

const appApi = new RegExp(APP_API_PATTERN)
const gate = new RegExp(GATE_PATTERN)
const matrix = new RegExp(HOMESERVER_PATTERN)
const matrixLogin = new RegExp(HOMESERVER_LOGIN_PATTERN)
const ambiguous = new RegExp(AMBIGUOUS_PATTERN)

/** Throws a Refusal for other hosts, and for paths that a service of the platform could read in another way. */
export function destinationOf(
  request: { host: string; uri: string },
  hosts: Hosts,
  sockets: Sockets,
  homeserver?: string,
): Destination {
  if (homeserver !== undefined && nameOf(request.host) === hosts.matrix) {
    if (matrixLogin.test(request.uri)) return { type: 'service', socketPath: sockets.api }
    if (matrix.test(request.uri)) return { type: 'homeserver', target: targetOf(homeserver) }
    throw unknown(hosts)
  }
  const socketPath = serviceOf(request, hosts, sockets)
  if (socketPath === null) return { type: 'instance' }
  if (ambiguous.test(request.uri)) throw new Refusal(400, MALFORMED)
  return { type: 'service', socketPath }
}

/** `null`: none of them, but an instance. */
function serviceOf({ host, uri }: { host: string; uri: string }, hosts: Hosts, sockets: Sockets) {
  const name = nameOf(host)
  if (name === hosts.app) return appApi.test(uri) ? sockets.api : sockets.spa
  if (name === hosts.api) return sockets.api
  if (hosts.hostedAt(name) !== null) return gate.test(uri) ? sockets.gate : null
  if (name === hosts.domain) return sockets.spa
  throw unknown(hosts)
}

const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '')

const unknown = (hosts: Hosts): Refusal =>
  new Refusal(404, UNKNOWN_HOST, { page: unknownHostPage(hosts.landingOrigin) })
