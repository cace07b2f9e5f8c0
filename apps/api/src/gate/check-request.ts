/** The edge's check request: the client's request, described by its headers. */
import type { IncomingHttpHeaders } from 'node:http'
import { CHECK_REQUEST_HEADERS, type Hosts } from '@matrixos/shared'
import { networkOf } from '../http/network.ts'
import { clientAddress } from '../http/request.ts'

export interface CheckRequest {
  /** Lower case, no port. */
  host: string
  method: string
  /** At whose own host it was made; `null`: at no app's. */
  app: string | null
  /** The one origin that may show the answer in a frame, besides its own; `null`: no frame may show it. */
  framedBy: string | null
  /** Path and query as the client sent them. */
  uri: string
  isWebSocket: boolean
  /** The edge could not reach the upstream it was given before. */
  hasFailed: boolean
  cookie: string | undefined
  /** Of the client, for limits. */
  network: string
  headers: IncomingHttpHeaders
}

const text = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

export function readCheckRequest(
  headers: IncomingHttpHeaders,
  hosts: Pick<Hosts, 'hostedAt' | 'instanceOrigin'>,
): CheckRequest {
  const host = text(headers.host).toLowerCase().replace(/:\d+$/, '')
  const at = hosts.hostedAt(host)
  return {
    host,
    app: at?.app ?? null,
    framedBy: at && at.app !== null ? hosts.instanceOrigin(at.handle) : null,
    method: text(headers[CHECK_REQUEST_HEADERS.method]) || 'GET',
    uri: text(headers[CHECK_REQUEST_HEADERS.uri]) || '/',
    isWebSocket: text(headers[CHECK_REQUEST_HEADERS.upgrade]).toLowerCase() === 'websocket',
    hasFailed: headers[CHECK_REQUEST_HEADERS.failed] === '1',
    cookie: headers.cookie,
    network: networkOf(clientAddress(text(headers['x-forwarded-for']))),
    headers,
  }
}

export const isFramed = ({ headers }: Pick<CheckRequest, 'headers'>): boolean =>
  headers['sec-fetch-dest'] === 'iframe'

/**
 * A person opening a page, as against what a page fetches. Clients without fetch metadata say so by `Accept`. What a frame
 * may show is opened in one as well.
 */
export function isNavigation(check: CheckRequest): boolean {
  const { method, headers, isWebSocket, framedBy } = check
  if (isWebSocket || (method !== 'GET' && method !== 'HEAD')) return false
  const mode = headers['sec-fetch-mode']
  if (mode === undefined) return text(headers.accept).includes('text/html')
  return (
    mode === 'navigate' &&
    (headers['sec-fetch-dest'] === 'document' || (framedBy !== null && isFramed(check)))
  )
}

/**
 * Instances share a site with each other, so `SameSite` keeps none from another: a request from another origin is
 * refused unless it is a plain visit. WebSockets carry no `Sec-Fetch-Site`; their `Origin` must be this very host.
 */
export function isForeign(check: CheckRequest, origin: string): boolean {
  const { headers } = check
  const site = headers['sec-fetch-site']
  if (check.isWebSocket) return text(headers.origin) !== origin
  if (site !== undefined) return site !== 'same-origin' && site !== 'none' && !isNavigation(check)
  return headers.origin !== undefined && headers.origin !== origin
}

/**
 * The script of an app's service worker, which browsers mark and no page can unmark. One would see the tickets of hand-offs to
 * its host, those too that it made up for somebody else's browser, and would stay when the app is gone.
 */
export const isAppWorker = ({ app, headers }: Pick<CheckRequest, 'app' | 'headers'>): boolean =>
  app !== null && headers['service-worker'] !== undefined
