/** A client that behaves towards servers as a browser does: cookies, redirects, fetch metadata, WebSockets. */
import { connect as connectSocket } from 'node:net'
import { Readable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { Agent, buildConnector, errors, request } from 'undici'
import { WebSocket } from 'ws'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { cookieContext, metadataHeaders, type RequestFacts } from './fetch-metadata.ts'

const MAX_REDIRECTS = 20
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64) MatrixOsTest/1.0'

export interface BrowserOptions {
  /** `host:port` that every host name leads to. Without it `*.localhost` leads to 127.0.0.1, others where DNS says. */
  connectTo?: string
  /** PEM of the authority to trust, for https. */
  ca?: string
  jar?: CookieJar
  userAgent?: string
}

export interface Hop {
  url: string
  status: number
  location: string | null
}

/** A response, and how it was reached. `finalUrl` is where the last answer came from. */
export type BrowserResponse = Response & { finalUrl: string; hops: Hop[] }

export interface BrowserRequest {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Origin of the page with the link or the script. Navigations: a typed address without it. */
  from?: string
  redirect?: 'follow' | 'manual'
  signal?: AbortSignal
}

export interface WebSocketInit {
  from?: string
  headers?: Record<string, string>
  /** Runs before the connection: listeners added here miss no message. */
  prepare?: (socket: WebSocket) => void
}

export interface Browser {
  jar: CookieJar
  /** A top-level navigation. Redirects are followed unless `redirect` is `manual`. */
  navigate: (url: string, init?: BrowserRequest) => Promise<BrowserResponse>
  /** `fetch` from a page of the URL's own origin, or of `from`; cookies go along in both cases. */
  fetch: (url: string, init?: BrowserRequest) => Promise<BrowserResponse>
  /** Resolves when it is open; rejects with an UpgradeRefused if the server answers otherwise. */
  websocket: (url: string, init?: WebSocketInit) => Promise<WebSocket>
  close: () => Promise<void>
}

export class UpgradeRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The WebSocket was refused with status ${status}.`)
    this.name = 'UpgradeRefused'
    this.status = status
  }
}

/** A server that lets go of its connections lets go of all that are kept. */
const MOST_CONNECTIONS = 4

/** As browsers do: a kept connection that the server closed or reset while it was idle is no answer. */
async function overConnections<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send()
    } catch (error) {
      const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
      if (tries === MOST_CONNECTIONS || !(isReset || error instanceof errors.SocketError)) throw error
    }
  }
}

type Target = { host: string; port: number }

function targetOf(url: URL, connectTo: string | undefined): Target {
  const [, host, port] = /^(.*):(\d+)$/.exec(connectTo ?? '') ?? []
  if (host && port) return { host, port: Number(port) }
  const local = url.hostname === 'localhost' || url.hostname.endsWith('.localhost')
  const own = Number(url.port) || (/^(https|wss):$/.test(url.protocol) ? 443 : 80)
  return { host: local ? '127.0.0.1' : url.hostname, port: own }
}

function agentFor({ connectTo, ca }: BrowserOptions): Agent {
  const connector = buildConnector(ca === undefined ? {} : { ca })
  return new Agent({
    connect: (options, callback) => {
      const { host, port } = targetOf(
        new URL(`${options.protocol}//${options.host ?? options.hostname}`),
        connectTo,
      )
      connector({ ...options, hostname: host, port: String(port), servername: options.hostname }, callback)
    },
    // Streams and instances that wake take their time; tests have limits of their own.
    headersTimeout: 120_000,
    bodyTimeout: 0,
  })
}

/** RFC 9110, 15.4: what a redirect does to the method. */
const methodAfter = (status: number, method: string): string =>
  status === 303 || ((status === 301 || status === 302) && method === 'POST') ? 'GET' : method

function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  return headers
}

export function createBrowser(options: BrowserOptions = {}): Browser {
  const { jar = createCookieJar(), userAgent = USER_AGENT } = options
  const agent = agentFor(options)

  async function once(facts: RequestFacts, init: BrowserRequest): Promise<Response> {
    const url = new URL(facts.urls.at(-1) ?? '')
    const cookie = jar.header(url, cookieContext(facts))
    const own = { 'user-agent': userAgent, 'accept-language': 'en', ...metadataHeaders(facts) }
    const send = () =>
      request(url, {
        dispatcher: agent,
        method: facts.method,
        headers: { ...own, ...(cookie && { cookie }), ...lowerCase(init.headers) },
        body: facts.method === 'GET' || facts.method === 'HEAD' ? null : (init.body ?? null),
        signal: init.signal ?? null,
      })
    const answer = await overConnections(send)
    const headers = headersOf(answer.headers)
    jar.store(url, headers.getSetCookie())
    const empty = [101, 204, 205, 304].includes(answer.statusCode)
    if (empty) await answer.body.dump()
    const body = empty ? null : (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>)
    return new Response(body, { status: answer.statusCode, headers })
  }

  async function go(kind: RequestFacts['kind'], url: string, init: BrowserRequest): Promise<BrowserResponse> {
    const urls = [new URL(url).href]
    const initiator = init.from ?? (kind === 'fetch' ? new URL(url).origin : undefined)
    const hops: Hop[] = []
    let method = (init.method ?? 'GET').toUpperCase()
    for (;;) {
      const response = await once({ kind, method, initiator, urls }, init)
      const finalUrl = urls.at(-1) ?? url
      const location = response.headers.get('location')
      hops.push({ url: finalUrl, status: response.status, location })
      const redirects = location !== null && [301, 302, 303, 307, 308].includes(response.status)
      if (!redirects || init.redirect === 'manual') return Object.assign(response, { finalUrl, hops })
      if (hops.length > MAX_REDIRECTS) throw new Error(`Too many redirects: ${urls.slice(-3).join(' → ')}`)
      await response.body?.cancel()
      method = methodAfter(response.status, method)
      urls.push(new URL(location, finalUrl).href)
    }
  }

  function websocket(address: string, init: WebSocketInit = {}) {
    const url = new URL(address)
    const pageOrigin = url.origin.replace(/^ws/, 'http')
    const origin = init.from ?? pageOrigin
    const facts = {
      kind: 'fetch',
      method: 'GET',
      initiator: origin,
      urls: [address.replace(/^ws/, 'http')],
    } as const
    const cookie = jar.header(url, cookieContext(facts))
    const socket = new WebSocket(address, {
      headers: { origin, 'user-agent': userAgent, ...(cookie && { cookie }), ...init.headers },
      createConnection: () => openConnection(url, options),
    })
    init.prepare?.(socket)
    return new Promise<WebSocket>((resolve, reject) => {
      socket.once('open', () => resolve(socket))
      socket.once('error', reject)
      socket.once('upgrade', (answer) => jar.store(url, answer.headers['set-cookie'] ?? []))
      socket.once('unexpected-response', (outgoing, answer) => {
        jar.store(url, answer.headers['set-cookie'] ?? [])
        reject(new UpgradeRefused(answer.statusCode ?? 0))
        outgoing.destroy()
      })
    })
  }

  return {
    jar,
    navigate: (url, init = {}) => go('navigate', url, init),
    fetch: (url, init = {}) => go('fetch', url, init),
    websocket,
    close: () => agent.destroy(),
  }
}

const lowerCase = (headers: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function openConnection(url: URL, { connectTo, ca }: BrowserOptions) {
  const { host, port } = targetOf(url, connectTo)
  if (url.protocol !== 'wss:') return connectSocket({ host, port })
  return connectTls({ host, port, servername: url.hostname, ...(ca !== undefined && { ca }) })
}
