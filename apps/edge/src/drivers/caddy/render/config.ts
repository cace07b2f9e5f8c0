/** The Caddy configuration of the platform, a pure function of its hosts, sockets and routes. */

import { EDGE_HEADER_BYTES, type Hosts, type Route } from '@matrixos/shared'
import type { EdgeOptions, Tls } from '../../../driver.ts'
import { DROPPED_FROM_CLIENTS } from '../../../policy/headers.ts'
import type { Limits } from '../../../policy/limits.ts'
import { unknownHostPage } from '../../../policy/pages.ts'
import {
  AMBIGUOUS_GATE_PATTERN,
  AMBIGUOUS_PATTERN,
  APP_API_PATTERN,
  HOMESERVER_LOGIN_PATTERN,
  HOMESERVER_PATTERN,
} from '../../../policy/paths.ts'
import { MALFORMED, UNKNOWN_HOST } from '../../../policy/texts.ts'
import { TOO_MANY_COOKIES, TOO_MANY_COOKIES_HEADERS } from '../../../policy/too-many-cookies.ts'
import { endAfterAnswer, lingerBriefly } from './deadlines.ts'
import { forwardedHeaders, forwardedRoutes, forwardedServer } from './forwarded.ts'
import { renderInstanceRoute } from './instance.ts'
import { errorRoutes, limitBody, pageOrText, proxyTo, proxyToService, text, uriMatches } from './parts.ts'
import { renderPassRoute } from './pass.ts'
import { renderShards } from './shards.ts'
import type { CaddyRoute } from './types.ts'

/** Name of the one server that is the platform's; others in the same Caddy are left alone. */
export const SERVER_NAME = 'mos'
export const TENANTS_ID = 'mos-tenants'
/** The last route: nothing behind it is ever reached. */
export const UNKNOWN_ID = 'mos-unknown'

/** Of computers and of their apps, which are beside one's own computer and not at it. The platform's own may be among them. */
const instanceHosts = (hosts: Hosts): string[] => [
  ...new Set([hosts.instanceHost('*'), `*.${hosts.instanceDomain}`]),
]

const WEB_SOCKET = '(?i)^websocket$'

export interface RenderOptions extends EdgeOptions {
  tls: Tls
  /** Where passes lie; absent: the gate is asked about every request. */
  passFolder?: string
}

export interface CaddyServer {
  listen: string[]
  routes: CaddyRoute[]
  [key: string]: unknown
}

/** `routes` may come in any order; the result depends on the set only. */
export function render(options: RenderOptions, routes: readonly Route[]): CaddyServer {
  const { passFolder } = options
  const instance = {
    gateSocket: options.sockets.gate,
    groupsSocket: options.sockets.groups,
    forwarded: forwardedHeaders(options),
    limits: options.limits,
    passes: passFolder !== undefined,
  }
  return {
    listen: [options.listen],
    protocols: ['h1', 'h2'],
    read_header_timeout: `${options.limits.headersMs}ms`,
    max_header_bytes: EDGE_HEADER_BYTES,
    automatic_https: { disable: true },
    ...(options.tls === 'off' ? {} : { tls_connection_policies: [{}] }),
    ...forwardedServer(options),
    routes: [
      ...forwardedRoutes(options),
      { '@id': 'mos-hygiene', handle: [{ handler: 'headers', request: { delete: DROPPED_FROM_CLIENTS } }] },
      onlyWebSockets,
      renderRefused(options),
      renderTooManyCookies(options.limits),
      ...(passFolder === undefined
        ? []
        : [renderPassRoute({ ...instance, hosts: options.hosts, passFolder })]),
      ...homeserverRoutes(options),
      ...platformRoutes(options),
      renderTenants(options.hosts, routes),
      {
        '@id': 'mos-fallback',
        match: [{ host: instanceHosts(options.hosts) }],
        handle: [{ handler: 'invoke', name: 'instance' }],
        terminal: true,
      },
      {
        '@id': UNKNOWN_ID,
        handle: [
          endAfterAnswer(options.limits),
          pageOrText(404, unknownHostPage(options.hosts.landingOrigin), UNKNOWN_HOST),
        ],
        terminal: true,
      },
    ],
    named_routes: {
      instance: renderInstanceRoute(instance),
    },
    errors: { routes: errorRoutes(options.limits) },
  }
}

/** Caddy makes a tunnel for whatever protocol both sides agree on, and the edge checks nothing that goes through it. */
const onlyWebSockets: CaddyRoute = {
  '@id': 'mos-upgrade',
  match: [{ not: [{ header_regexp: { Upgrade: { pattern: WEB_SOCKET } } }] }],
  handle: [{ handler: 'headers', request: { delete: ['Upgrade'] } }],
}

/** What two servers in a row could read in two ways: paths of the platform's own, and WebSockets with a body. */
const renderRefused = ({ hosts, limits }: EdgeOptions): CaddyRoute => {
  const webSocketWith = (header: string, pattern: string) => ({
    header_regexp: { Upgrade: { pattern: WEB_SOCKET }, [header]: { pattern } },
  })
  return {
    '@id': 'mos-refused',
    match: [
      { host: [...hosts.platform], ...uriMatches(AMBIGUOUS_PATTERN) },
      { host: instanceHosts(hosts), ...uriMatches(AMBIGUOUS_GATE_PATTERN) },
      webSocketWith('Content-Length', '[1-9]'),
      webSocketWith('Transfer-Encoding', '.'),
    ],
    // Else Caddy waits for the whole body before it answers.
    handle: [lingerBriefly(limits), { ...text(400, MALFORMED), close: true }],
    terminal: true,
  }
}

const renderTooManyCookies = (limits: Limits): CaddyRoute => ({
  '@id': 'mos-cookies',
  match: [{ expression: `size({http.request.header.Cookie}) > ${limits.cookieBytes}` }],
  handle: [
    lingerBriefly(limits),
    {
      handler: 'static_response',
      status_code: 431,
      headers: Object.fromEntries(
        Object.entries(TOO_MANY_COOKIES_HEADERS).map(([name, value]) => [name, [value]]),
      ),
      body: TOO_MANY_COOKIES,
      close: true,
    },
  ],
  terminal: true,
})

const renderTenants = (hosts: Hosts, routes: readonly Route[]): CaddyRoute => ({
  '@id': TENANTS_ID,
  match: [{ host: [hosts.instanceHost('*')] }],
  handle: [
    {
      handler: 'subroute',
      routes: renderShards(
        routes.map((route) => route.handle),
        hosts.instanceHost,
      ),
    },
  ],
})

/** It has limits of its own: it takes files, and holds a client's question until something happens. */
function homeserverRoutes(options: EdgeOptions): CaddyRoute[] {
  const { homeserver, hosts, limits, sockets } = options
  if (homeserver === undefined) return []
  const set = forwardedHeaders(options)
  const request = { ...(Object.keys(set).length === 0 ? {} : { set }), delete: ['Cookie'] }
  const match = (more: Record<string, unknown>) => [{ host: [hosts.matrix], ...more }]
  return [
    {
      '@id': 'mos-matrix-login',
      match: match(uriMatches(HOMESERVER_LOGIN_PATTERN)),
      handle: [...limitBody(limits), proxyToService(sockets.api, set, limits)],
      terminal: true,
    },
    {
      '@id': 'mos-matrix',
      match: match(uriMatches(HOMESERVER_PATTERN)),
      handle: [proxyTo(homeserver, { headers: { request } })],
      terminal: true,
    },
    {
      '@id': 'mos-matrix-rest',
      match: match({}),
      handle: [endAfterAnswer(limits), pageOrText(404, unknownHostPage(hosts.landingOrigin), UNKNOWN_HOST)],
      terminal: true,
    },
  ]
}

function platformRoutes(options: EdgeOptions): CaddyRoute[] {
  const { hosts, sockets } = options
  const forwarded = forwardedHeaders(options)
  const route = (id: string, match: Record<string, unknown>, socket: string): CaddyRoute => ({
    '@id': id,
    match: [match],
    handle: [...limitBody(options.limits), proxyToService(socket, forwarded, options.limits)],
    terminal: true,
  })
  const all = [
    route('mos-app-api', { host: [hosts.app], ...uriMatches(APP_API_PATTERN) }, sockets.api),
    route('mos-app', { host: [hosts.app] }, sockets.spa),
    route('mos-api', { host: [hosts.api] }, sockets.api),
  ]
  // Where one computer is at the domain itself, there is no landing page.
  if (!hosts.platform.includes(hosts.domain)) return all
  return [...all, route('mos-landing', { host: [hosts.domain] }, sockets.spa)]
}
