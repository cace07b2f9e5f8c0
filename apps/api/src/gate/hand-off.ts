/**
 * From a session on the app's host to one on an instance's host, and from there to one on the host of one of its apps, by a
 * ticket: 256 bits, 30 s, spent once, bound to host, session and the nonce of the browser that asked.
 */

import type { IncomingHttpHeaders } from 'node:http'
import { type Hosts, PLATFORM_PATH } from '@matrixos/shared'
import { accessTo, type Shares } from '../access/policy.ts'
import type { SessionPrincipal } from '../access/principal.ts'
import type { SessionStore } from '../auth/sessions/store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { readCookies, setCookie } from '../http/cookies.ts'
import { sha256 } from '../keys.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { NO_COMPUTER } from '../texts.ts'
import type { AppTokens } from './app-token.ts'
import { isFramed } from './check-request.ts'
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

/** From an app's host the way leads over two others. */
const TIMES_ENCODED = { computer: 2, app: 3 } as const

/** Where to go on after the hand-off: `path`, or `/` when it is no path of this host or too long to carry along. */
export function returnPath(path: string, from: keyof typeof TIMES_ENCODED = 'computer'): string {
  let encoded = path
  for (let i = 0; i < TIMES_ENCODED[from]; i++) encoded = encodeURIComponent(encoded)
  return isRelativePath(path) && encoded.length <= MOST_ENCODED_CHARS ? path : '/'
}

/** The nonce that this browser was given for a hand-off to a host, where it still has one. */
export const knownNonce = (cookie: string | undefined): string | undefined =>
  readCookies(cookie, 'handOff').find((value) => /^[\w-]{43}$/.test(value))

export type HandOff = ReturnType<typeof createHandOff>

export function createHandOff(options: HandOffOptions) {
  const { hosts, cache, tenants, shares, store, sessions, tokens, limit, clock } = options
  const invalid = (why: string) => new AppError('ticket_invalid', why)
  /** Another api process may have made it a moment ago: what is not known is looked up. */
  const instanceOf = async (handle: string) => cache.ofHandle(handle) ?? (await tenants.find(handle))

  async function ticketUrl(
    { sessionId, userId }: Pick<SessionPrincipal, 'sessionId' | 'userId'>,
    to: { host: string; origin: string },
    { rt, n }: { rt: string; n: string },
  ): Promise<string> {
    await limit.take(sessionId)
    const ticket = Buffer.from(clock.random(32)).toString('base64url')
    await store.insertTicket({
      ...{ host: to.host, sessionId, userId, nonceHash: n },
      hash: sha256(ticket),
      expiresAt: new Date(clock.now() + TICKET_MS),
    })
    return `${to.origin}${PLATFORM_PATH}cb?${new URLSearchParams({ ticket, rt })}`
  }

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
      const to = { host: hosts.instanceHost(row.handle), origin: hosts.instanceOrigin(row.handle) }
      return ticketUrl(principal, to, query)
    },

    /** On an instance's host, for somebody who may open that app of it. Answers the URL to go on to. */
    launchApp(
      viewer: Pick<SessionPrincipal, 'sessionId' | 'userId'>,
      { handle }: Pick<InstanceRow, 'handle'>,
      { app, ...query }: { app: string; rt: string; n: string },
    ): Promise<string> {
      const to = { host: hosts.instanceAppHost(handle, app), origin: hosts.instanceAppOrigin(handle, app) }
      return ticketUrl(viewer, to, query)
    },

    /** On the host of the instance or of the app. Answers the cookies to set and the path to go on to. */
    async callback(
      request: { host: string; headers: IncomingHttpHeaders },
      query: { ticket: string; rt: string },
    ) {
      const ticket = await store.takeTicket(sha256(query.ticket))
      const nonces = readCookies(request.headers.cookie, 'handOff')
      if (!isRelativePath(query.rt)) throw invalid('The return address is not a path on this computer.')
      if (!ticket || ticket.expiresAt.getTime() <= clock.now())
        throw invalid('This link has already been used or has expired.')
      if (ticket.host !== request.host) throw invalid('This link is for another computer.')
      if (!nonces.some((nonce) => sha256(nonce) === ticket.nonceHash))
        throw invalid('This link was created for another browser.')
      const found = await sessions.session(ticket.sessionId, new Date(clock.now()))
      const at = hosts.hostedAt(request.host)
      const row = at && (await instanceOf(at.handle))
      if (!found || !row) throw invalid('You have signed out since this link was created.')
      const { userId, sessionId } = ticket
      const token = await tokens.issue(
        { userId, sessionId, instanceId: row.id, handle: found.handle, app: at.app },
        request.host,
      )
      // The nonce stays until it expires: other tabs of this browser may be on their way with it.
      const cookie = setCookie('app', token, { isFramed: at.app !== null && isFramed(request) })
      return { cookies: [cookie], location: query.rt }
    },
  }
}
