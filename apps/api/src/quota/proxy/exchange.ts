/** What every request that is passed on has in common: whose it is, whose key it goes with, and where to. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller, CallId, Payer } from '../../ports/ledger.ts'
import type { Format } from './formats/format.ts'
import { forwardedHeaders } from './headers.ts'
import type { Upstream, UpstreamRequest } from './upstream.ts'

export interface Route {
  payer: Payer
  upstream: Upstream
  key: string
}

export interface Incoming {
  id: CallId
  request: IncomingMessage
  response: ServerResponse
  caller: Caller
  format: Format
  route: Route
  body: Buffer
}

/** As it is written, without its query. */
export const pathOf = ({ url }: Pick<IncomingMessage, 'url'>): string => (url ?? '/').split('?', 1)[0] ?? '/'

export function upstreamRequest({ request, format, route, body }: Incoming): UpstreamRequest {
  const method = request.method ?? 'GET'
  return {
    method,
    path: request.url ?? '/',
    headers: forwardedHeaders(request.headers, format.credentials(route.key), route.payer),
    body: method === 'GET' ? null : body,
  }
}
