/** The Caddy configuration of the platform, a pure function of its hosts, sockets and routes. */
import type { Hosts, Route } from '@matrixos/shared'
import type { EdgeOptions, Tls } from './driver.ts'
import { DROPPED_FROM_CLIENTS } from './headers.ts'
import { renderInstanceRoute } from './render-instance.ts'
import { proxyTo, text, unavailable, unixDial } from './render-parts.ts'
import { type CaddyRoute, renderShards } from './shards.ts'
import { UNKNOWN_HOST } from './texts.ts'

/** Name of the one server that is the platform's; others in the same Caddy are left alone. */
export const SERVER_NAME = 'mos'
export const TENANTS_ID = 'mos-tenants'
/** The last route: nothing behind it is ever reached. */
export const UNKNOWN_ID = 'mos-unknown'

export interface RenderOptions extends EdgeOptions {
  tls: Tls
}

export interface CaddyServer {
  listen: string[]
  routes: CaddyRoute[]
  [key: string]: unknown
}

/** `routes` may come in any order; the result depends on the set only. */
export function render(options: RenderOptions, routes: readonly Route[]): CaddyServer {
  return {
    listen: [options.listen],
    protocols: ['h1', 'h2'],
    automatic_https: { disable: true },
    ...(options.tls === 'off' ? {} : { tls_connection_policies: [{}] }),
    routes: [
      { '@id': 'mos-hygiene', handle: [{ handler: 'headers', request: { delete: DROPPED_FROM_CLIENTS } }] },
      ...platformRoutes(options),
      renderTenants(options.hosts, routes),
      {
        '@id': 'mos-fallback',
        match: [{ host: [options.hosts.instanceHost('*')] }],
        handle: [{ handler: 'invoke', name: 'instance' }],
        terminal: true,
      },
      { '@id': UNKNOWN_ID, handle: [text(404, UNKNOWN_HOST)], terminal: true },
    ],
    named_routes: {
      instance: renderInstanceRoute({
        gateSocket: options.sockets.gate,
        appOrigin: options.hosts.appOrigin,
      }),
    },
    errors: { routes: [{ handle: [unavailable] }] },
  }
}

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

function platformRoutes({ hosts, sockets }: EdgeOptions): CaddyRoute[] {
  const route = (id: string, match: Record<string, unknown>, socket: string): CaddyRoute => ({
    '@id': id,
    match: [match],
    handle: [proxyTo(unixDial(socket))],
    terminal: true,
  })
  return [
    route('mos-app-api', { host: [hosts.app], path: [...APP_API_PATHS] }, sockets.api),
    route('mos-app', { host: [hosts.app] }, sockets.spa),
    route('mos-api', { host: [hosts.api] }, sockets.api),
    route('mos-landing', { host: [hosts.domain] }, sockets.spa),
  ]
}

/** Paths of the app's host that the api answers; the rest is the SPA's. */
const APP_API_PATHS = ['/trpc', '/trpc/*', '/launch', '/launch/*'] as const
