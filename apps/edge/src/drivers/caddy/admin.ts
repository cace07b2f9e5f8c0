/** Caddy's admin API: reads and conditional writes of its configuration. */

import { MINIMUM_CADDY } from '@matrixos/host/caddy/binary'
import { BOOTSTRAP_ORIGIN } from '@matrixos/host/caddy/process'
import { Agent, request } from 'undici'

const TIMEOUT_MS = 60_000
/** While Caddy changes its configuration it may close a connection that it has just taken. */
const READ_TRIES = 4

/** Nobody answers at the admin address: Caddy is down or starting. */
export class CaddyUnreachable extends Error {}
/** The configuration is no longer what it was when it was read. */
export class CaddyConflict extends Error {}
/** Caddy will not run with this configuration. */
export class CaddyRefused extends Error {}

export interface Part {
  value: unknown
  etag: string
}

export interface CaddyAdmin {
  /** The part of the configuration at `/config/…` or `/id/…`, or `null` where there is none. */
  read: (path: string) => Promise<Part | null>
  /** Throws CaddyConflict when what `etag` was read from has changed since. */
  write: (method: 'PUT' | 'PATCH', path: string, value: unknown, etag?: string) => Promise<void>
  /** Requests in flight by address, as Caddy names it. */
  upstreams: () => Promise<Array<{ address: string; num_requests: number }>>
  close: () => Promise<void>
}

interface Reply {
  status: number
  etag: string
  text: string
}

/** `address` as Caddy writes it: `unix//run/caddy-admin.sock` or `127.0.0.1:2019`. */
export function createCaddyAdmin(address: string): CaddyAdmin {
  const socketPath = address.startsWith('unix/') ? address.slice('unix/'.length) : undefined
  // No connection is kept: with every change of its configuration Caddy closes them all.
  const agent = new Agent({ pipelining: 0, ...(socketPath ? { connect: { socketPath } } : {}) })
  const base = `http://${socketPath ? BOOTSTRAP_ORIGIN : address}`
  const call = async (
    method: 'GET' | 'PUT' | 'PATCH',
    path: string,
    value?: unknown,
    etag?: string,
  ): Promise<Reply> => {
    const headers: Record<string, string> = { origin: base }
    if (value !== undefined) headers['content-type'] = 'application/json'
    if (etag) headers['if-match'] = etag
    try {
      const response = await request(`${base}${path}`, {
        method,
        headers,
        body: value === undefined ? null : JSON.stringify(value),
        dispatcher: agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await response.body.text()
      return { status: response.statusCode, etag: String(response.headers.etag ?? ''), text }
    } catch (cause) {
      throw new CaddyUnreachable(`Caddy is not responding at ${address}.`, { cause })
    }
  }
  const get = async (path: string): Promise<Reply> => {
    for (let tries = 1; ; tries++) {
      try {
        return await call('GET', path)
      } catch (error) {
        if (tries === READ_TRIES || !wasClosed(error)) throw error
      }
    }
  }
  return {
    read: async (path) => asPart(await get(path), path),
    write: async (method, path, value, etag) => assertWritten(await call(method, path, value, etag)),
    upstreams: async () => JSON.parse((await get('/reverse_proxy/upstreams')).text) ?? [],
    close: () => agent.close(),
  }
}

const wasClosed = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  ['UND_ERR_SOCKET', 'ECONNRESET'].includes(String(error.cause.code))

function asPart(reply: Reply, path: string): Part | null {
  // Below something that does not exist Caddy answers 400 instead of 404.
  if (reply.status === 404 || (reply.status === 400 && reply.text.includes('invalid traversal'))) return null
  if (reply.status !== 200)
    throw new Error(`Caddy answered ${reply.status} for ${path}: ${errorOf(reply.text)}`)
  const value: unknown = JSON.parse(reply.text)
  return value === null ? null : { value, etag: reply.etag }
}

function assertWritten(reply: Reply): void {
  if (reply.status < 300) return
  // 404, 409: what was to be changed has gone, or what was to be made is there.
  if ([404, 409, 412].includes(reply.status)) throw new CaddyConflict(errorOf(reply.text))
  if (reply.status === 403)
    throw new Error(
      `Caddy's admin API refused us: ${errorOf(reply.text)}. See caddy/README.md for its settings.`,
    )
  throw new CaddyRefused(
    `Caddy refused the configuration: ${errorOf(reply.text)}. It needs Caddy ${MINIMUM_CADDY}.`,
  )
}

function errorOf(text: string): string {
  try {
    return String(JSON.parse(text).error ?? text)
  } catch {
    return text
  }
}
