/** Which headers pass, and in which direction. Bytes pass as they are, so what describes them does, too. */
import type { IncomingHttpHeaders } from 'node:http'
import { CREDIT_HEADERS, parseUsd } from '@matrixos/shared'
import { ProxyError } from './errors.ts'
import type { AnswerHeaders } from './upstream.ts'

/** RFC 9110, 7.6.1: of one connection only. */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]

/** Who the client is to the platform, where it is, and what this side says itself. */
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  ...['x-api-key', 'authorization', 'cookie', 'host', 'content-length', 'expect', 'accept-encoding'],
  ...['forwarded', 'via', 'x-real-ip'],
])
const NOT_FORWARDED_PREFIX = /^x-(forwarded|credits)-/

/** Cookies and promises of the provider's host, which this one is not. */
const NOT_RETURNED = new Set([
  ...HOP_BY_HOP,
  ...['set-cookie', 'alt-svc', 'strict-transport-security', 'nel', 'report-to'],
])
/** Whose key it is. */
const OF_THE_PLATFORM = new Set(['anthropic-organization-id', 'openai-organization', 'openai-project'])

const namedByConnection = (connection: string | string[] | undefined): string[] =>
  [connection ?? []].flat().flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()))

/** With `credentials` in place of the client's own; whose account it is, the platform's key says alone. */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  credentials: Record<string, string>,
  payer: 'platform' | 'own',
): Record<string, string | string[]> {
  const dropped = new Set(namedByConnection(headers.connection))
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ||
    dropped.has(name) ||
    NOT_FORWARDED.has(name) ||
    NOT_FORWARDED_PREFIX.test(name) ||
    (payer === 'platform' && OF_THE_PLATFORM.has(name))
      ? []
      : [[name, value] as const],
  )
  return { ...Object.fromEntries(kept), 'accept-encoding': 'identity', ...credentials }
}

export function returnedHeaders(headers: AnswerHeaders, payer: 'platform' | 'own') {
  const dropped = new Set(namedByConnection(headers.connection))
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ||
    dropped.has(name) ||
    NOT_RETURNED.has(name) ||
    (payer === 'platform' && OF_THE_PLATFORM.has(name))
      ? []
      : [[name, value] as const],
  )
  return { ...Object.fromEntries(kept), 'x-accel-buffering': 'no' }
}

export const requestIdOf = (headers: AnswerHeaders): string | null => {
  const id = headers['request-id'] ?? headers['x-request-id']
  return typeof id === 'string' ? id.slice(0, 200) : null
}

/** In nano-USD. Throws a ProxyError for what is no amount: whoever sets a limit wants it kept. */
export function callLimitOf(headers: IncomingHttpHeaders): bigint | null {
  const limit = headers[CREDIT_HEADERS.limit]
  if (limit === undefined) return null
  if (typeof limit === 'string' && /^\d{1,12}(\.\d{1,9})?$/.test(limit)) return parseUsd(limit)
  throw new ProxyError('invalid_request_error', `${CREDIT_HEADERS.limit} has to be an amount of USD.`)
}
