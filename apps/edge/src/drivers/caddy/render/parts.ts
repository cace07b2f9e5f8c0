/** Handlers of Caddy's configuration that several routes share. */

import { KEEP_PLATFORM_COOKIES } from '../../../policy/headers.ts'
import type { Limits } from '../../../policy/limits.ts'
import { type EdgePage, UNAVAILABLE_PAGE } from '../../../policy/pages.ts'
import { RETRY_AFTER_S, TEXT_PLAIN, TOO_LARGE, TOO_SLOW, UNAVAILABLE } from '../../../policy/texts.ts'
import { answerWithoutDeadline, bodyDeadline, lingering } from './deadlines.ts'
import type { CaddyRoute, Handler } from './types.ts'

export const unixDial = (path: string): string => `unix/${path}`

/**
 * Streams outlive changes of the configuration, which would cut them otherwise, yet not for ever: each keeps the
 * whole configuration it began in.
 */
const STREAM_CLOSE_DELAY = '24h'

/** Less than the 5 s after which Node closes an idle connection, lest a request be sent into a closing one. */
const IDLE_TIMEOUT = '4s'

const transport = {
  protocol: 'http',
  compression: false,
  dial_timeout: '3s',
  keep_alive: { enabled: true, idle_timeout: IDLE_TIMEOUT, max_idle_conns_per_host: 256 },
}

export const proxyTo = (dial: string, more: Record<string, unknown> = {}): Handler => ({
  handler: 'reverse_proxy',
  upstreams: [{ dial }],
  transport,
  flush_interval: -1,
  stream_close_delay: STREAM_CLOSE_DELAY,
  ...more,
})

/** For services: they begin their answers in time, and instances need not. */
const answersInTime = ({ platformAnswerMs }: Limits) => ({
  transport: { ...transport, response_header_timeout: `${platformAnswerMs}ms` },
})

/**
 * The same, on a new connection for each request: for a proxy that another one follows in the same request. Caddy keeps
 * where to connect in variables of the request, and Go leaves a connection that it began and no longer needs for
 * later. One that reads them late leads to where the next proxy goes: an instance would be asked for the gate. Proof of
 * who answers, as TLS gives it, would not be enough: Caddy ends as a whole when it reads such a variable while the next
 * proxy writes it ("concurrent map read and map write").
 */
export const answersInTimeAnew = (limits: Limits) => ({
  transport: { ...answersInTime(limits).transport, keep_alive: { enabled: false } },
})

/** Other cookies are for instances: any page of theirs can set them for all of its registrable domain. */
export const onlyPlatformCookies = {
  Cookie: KEEP_PLATFORM_COOKIES.map(({ search, replace }) => ({ search_regexp: search, replace })),
}

/** A service of the platform, at a unix socket. `set`: headers of the request. */
export const proxyToService = (socket: string, set: Record<string, string[]>, limits: Limits): Handler =>
  proxyTo(unixDial(socket), {
    ...answersInTime(limits),
    handle_response: answerWithoutDeadline(limits),
    headers: { request: { ...(Object.keys(set).length === 0 ? {} : { set }), replace: onlyPlatformCookies } },
  })

export const text = (status: number, body: string, headers: Record<string, string[]> = {}): Handler => ({
  handler: 'static_response',
  status_code: status,
  headers: { 'Content-Type': [TEXT_PLAIN], 'Cache-Control': ['no-store'], ...headers },
  body,
})

/** The same as `isNavigation`. */
const BY_A_PERSON = [
  { 'Sec-Fetch-Mode': ['navigate'], 'Sec-Fetch-Dest': ['document'] },
  { 'Sec-Fetch-Mode': null, Accept: ['*text/html*'] },
].map((header) => ({ method: ['GET', 'HEAD'], header: { ...header, Upgrade: null } }))

/** A page for a person, and a line of text for a program. */
export const pageOrText = (
  status: number,
  { headers, body }: EdgePage,
  line: string,
  more: Record<string, string[]> = {},
): Handler => {
  const all = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ...more,
  }
  return {
    handler: 'subroute',
    routes: [
      {
        match: BY_A_PERSON,
        handle: [{ handler: 'static_response', status_code: status, headers: all, body }],
        terminal: true,
      },
      { handle: [text(status, line, more)] },
    ],
  }
}

export const unavailable: Handler = pageOrText(503, UNAVAILABLE_PAGE, UNAVAILABLE, {
  'Retry-After': [String(RETRY_AFTER_S)],
})

/** For the platform's own services: instances take bodies of any size. */
export const limitBody = (limits: Limits): Handler[] => [
  { handler: 'request_body', max_size: limits.platformBodyBytes },
  bodyDeadline(limits),
]

export const errorRoutes = (limits: Limits): CaddyRoute[] =>
  lingering(limits, [
    {
      match: [{ vars: { '{http.error.status_code}': ['413'] } }],
      handle: [text(413, TOO_LARGE)],
      terminal: true,
    },
    {
      // The client's connection: services are at unix sockets, and instances may take their time.
      match: [{ vars_regexp: { '{http.error}': { pattern: 'read tcp .*i/o timeout' } } }],
      handle: [{ ...text(408, TOO_SLOW), close: true }],
      terminal: true,
    },
    { handle: [unavailable], terminal: true },
  ])

/** Matches the URI as the upstream will see it; Caddy's `path` looks at a tidied copy. */
export const uriMatches = (pattern: string) => ({ vars_regexp: { '{http.request.uri}': { pattern } } })
