/**
 * From a session on the app's host to one on an instance's host, by a ticket: 256 bits, 30 s, spent once, bound to
 * host, session and the nonce of the browser that asked.
 */

import type { Hosts } from '@matrixos/shared'
import { accessTo, type Shares } from '../access/policy.ts'
import type { SessionPrincipal } from '../access/principal.ts'
import type { SessionStore } from '../auth/sessions/store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { readCookie, setCookie } from '../http/cookies.ts'
import { sha256 } from '../keys.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import { NO_COMPUTER } from '../texts.ts'
import type { AppTokens } from './app-token.ts'
import type { TicketStore } from './store.ts'

const TICKET_MS = 30_000

export interface HandOffOptions {
  hosts: Hosts
  cache: Pick<InstanceCache, 'ofHandle'>
  shares: Shares
  tenants: Pick<TenantService, 'find'>
  store: Pick<TicketStore, 'insertTicket' | 'takeTicket'>
  sessions: Pick<SessionStore, 'session'>
  tokens: AppTokens
  /** Tickets of one session. */
  limit: AttemptLimit
  clock: Clock
}

/** Only a path on the same host, as it stands in a request line: `//host` and `/\host` lead elsewhere. */
export const isRelativePath = (path: string): boolean => /^\/(?!\/)[!-[\]-~]*$/.test(path)

/**
 * A path travels as a parameter of a parameter (`/login?next=/launch?rt=…`), and with cookies and all it must fit
 * into the 16 kB of headers that Node's servers read.
 */
const MOST_ENCODED_CHARS = 12_000

/** Where to go on after the hand-off: `path`, or `/` when it is no path of this host or too long to carry along. */
export function returnPath(path: string): string {
  const encoded = encodeURIComponent(encodeURIComponent(path))
  return isRelativePath(path) && encoded.length <= MOST_ENCODED_CHARS ? path : '/'
}

export type HandOff = ReturnType<typeof createHandOff>

export function createHandOff(options: HandOffOptions) {
  const { hosts, cache, tenants, shares, store, sessions, tokens, limit, clock } = options
  const invalid = (why: string) => new AppError('ticket_invalid', why)
  /** Another api process may have made it a moment ago: what is not known is looked up. */
  const instanceOf = async (handle: string) => cache.ofHandle(handle) ?? (await tenants.find(handle))

  return {
    /** On the app's host. Answers the URL to go on to. */
    async launch(
      principal: SessionPrincipal,
      query: { handle: string; rt: string; n: string },
    ): Promise<string> {
      if (!isRelativePath(query.rt))
        throw new AppError('invalid_input', 'The return address is not a path on that computer.')
      const row = await instanceOf(query.handle)
      if (!row) throw new AppError('not_found', NO_COMPUTER)
      if (!accessTo(principal, row, shares))
        throw new AppError(
          'forbidden',
          `This is ${row.handle}’s computer. Only ${row.handle} and people ${row.handle} shares it with can open it.`,
        )
      await limit.take(principal.sessionId)
      const ticket = Buffer.from(clock.random(32)).toString('base64url')
      const bound = {
        host: hosts.instanceHost(row.handle),
        sessionId: principal.sessionId,
        userId: principal.userId,
        nonceHash: query.n,
      }
      await store.insertTicket({
        ...bound,
        hash: sha256(ticket),
        expiresAt: new Date(clock.now() + TICKET_MS),
      })
      return `${hosts.instanceOrigin(row.handle)}/.mos/cb?${new URLSearchParams({ ticket, rt: query.rt })}`
    },

    /** On the instance's host. Answers the cookies to set and the path to go on to. */
    async callback(
      request: { host: string; cookie: string | undefined },
      query: { ticket: string; rt: string },
    ) {
      const ticket = await store.takeTicket(sha256(query.ticket))
      const nonce = readCookie(request.cookie, 'handOff')
      if (!isRelativePath(query.rt)) throw invalid('The return address is not a path on this computer.')
      if (!ticket || ticket.expiresAt.getTime() <= clock.now())
        throw invalid('This link has already been used or has expired.')
      if (ticket.host !== request.host) throw invalid('This link is for another computer.')
      if (!nonce || sha256(nonce) !== ticket.nonceHash)
        throw invalid('This link was created for another browser.')
      const found = await sessions.session(ticket.sessionId, new Date(clock.now()))
      const row = await instanceOf(hosts.hostedAt(request.host)?.handle ?? '')
      if (!found || !row) throw invalid('You have signed out since this link was created.')
      const { userId, sessionId } = ticket
      const token = await tokens.issue(
        { userId, sessionId, instanceId: row.id, handle: found.handle },
        request.host,
      )
      // The nonce stays until it expires: other tabs of this browser may be on their way with it.
      return { cookies: [setCookie('app', token)], location: query.rt }
    },
  }
}
