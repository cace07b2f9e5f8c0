/** What the platform's own parts call, on a socket that no visitor's request is ever passed to. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Hosts } from '@matrixos/shared'
import { INSTANCE_API, NOTHING_HERE, TRANSFER_PATH } from '@matrixos/shared'
import { toAppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import type { AppHosts } from './app-hosts.ts'
import { problem } from './check-response.ts'
import { send } from './listener.ts'
import { within } from './within.ts'

/** Caddy's check before it gets a certificate on demand. */
const ASK_PATH = '/ask?'
/** Answered by `trpc`. */
const OTHERS = ['/trpc', TRANSFER_PATH, INSTANCE_API]
/** All look-ups share one count: Caddy does not say whose handshake it asks for. */
const ALL = 'all'

export interface ServiceListenerOptions {
  hosts: Hosts
  /** Whether the platform has one, at a host of its own. */
  hasHomeserver: boolean
  cache: Pick<InstanceCache, 'ofHandle'>
  tenants: Pick<TenantService, 'find'>
  appHosts: Pick<AppHosts, 'mayHaveCertificate'>
  /** Of look-ups in the database, in sum. */
  lookups: Pick<AttemptLimit, 'take'>
  log: Log
  /** Answers `/trpc`, what the operator moves, and what instances tell. */
  trpc: RequestListener
  /** How long a look-up in the database is waited for. */
  holdMs: number
}

export function createServiceListener(options: ServiceListenerOptions): RequestListener {
  const { hosts, hasHomeserver, cache, tenants, appHosts, lookups, log, trpc, holdMs } = options

  /**
   * Another api process may have made the instance a moment ago: what is not known is looked up. Throws
   * `too_many_requests` when that was done too often: strangers choose the names in handshakes.
   */
  async function isKnown(domain: string): Promise<boolean> {
    if ([hosts.domain, hosts.app, hosts.api].includes(domain)) return true
    if (domain === hosts.matrix) return hasHomeserver
    const at = hosts.hostedAt(domain)
    if (at === null) return false
    let row = cache.ofHandle(at.handle)
    if (!row) {
      await lookups.take(ALL)
      row = await within(holdMs, tenants.find(at.handle))
    }
    return row !== undefined && (at.app === null || appHosts.mayHaveCertificate(row.id, at.app))
  }

  /** The edge may get a certificate for the platform's own hosts and for instances that exist; for no other. */
  async function mayHaveCertificate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const domain =
      new URL(request.url ?? '/', hosts.appOrigin).searchParams.get('domain')?.toLowerCase() ?? ''
    try {
      const known = await isKnown(domain)
      send(response, known ? { status: 200, headers: {} } : problem('not_found', 'Unknown host.'))
    } catch (error) {
      const { code, message, retryAfterS } = toAppError(error)
      if (code !== 'too_many_requests') log.warn({ err: error, domain }, 'certificate request left undecided')
      send(response, problem(code, message, retryAfterS))
    }
  }

  return (request, response) => {
    const path = request.url ?? '/'
    if (path.startsWith(ASK_PATH)) void mayHaveCertificate(request, response)
    else if (OTHERS.some((one) => path.startsWith(`${one}/`))) trpc(request, response)
    else send(response, problem('not_found', NOTHING_HERE))
  }
}
