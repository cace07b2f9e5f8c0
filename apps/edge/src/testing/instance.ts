/** A fake instance: reports what it was sent, and responds in every way that a proxy can break. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { PASS_COOKIE, PASS_HEADERS } from '@matrixos/shared'
import { type WebSocket, WebSocketServer } from 'ws'
import { readBody, startServer, type TestServer } from './servers.ts'

export const GZIPPED = gzipSync('as it was sent '.repeat(50))

/** Both kinds of refused cookies among good ones. */
export const INSTANCE_COOKIES = {
  refused: [
    '__Host-mos_session=forged; Path=/; Secure',
    '=__Host-mos_session=nameless; Path=/',
    'wide=1; Path=/; Domain=localhost',
    'wide2=1;DOMAIN = .localhost;Path=/',
  ],
  kept: [
    'own=1; Path=/; HttpOnly',
    'domain=2; Expires=Wed, 21 Oct 2099 07:28:00 GMT',
    'third=x; Path=/domain=y',
  ],
}

export interface Echo {
  method: string
  url: string
  headers: Record<string, string[]>
  bytes: number
  sha256: string
}

export interface FakeInstance extends TestServer {
  /** Handshake headers of each WebSocket, in order. */
  handshakes: Array<Record<string, string[]>>
  /** Lets responses of `/stream` and `/sse` go on to their end. */
  finishStreams: () => void
}

/** Every value a header had, by lower-case name. */
export function allHeaders(request: IncomingMessage): Record<string, string[]> {
  const result: Record<string, string[]> = {}
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? '').toLowerCase()
    const values = result[name] ?? []
    result[name] = [...values, request.rawHeaders[i + 1] ?? '']
  }
  return result
}

export async function startInstance(port = 0): Promise<FakeInstance> {
  const waiting = new Set<() => void>()
  const held = () => new Promise<void>((resolve) => waiting.add(resolve))
  const server = await startServer((request, response) => void answer(request, response, held), { port })
  const handshakes: FakeInstance['handshakes'] = []
  const sockets = new WebSocketServer({ server: server.server })
  sockets.on('headers', (lines) => lines.push(...INSTANCE_COOKIES.refused.map((c) => `Set-Cookie: ${c}`)))
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    handshakes.push(allHeaders(request))
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  return {
    ...server,
    handshakes,
    finishStreams: () => {
      for (const go of waiting) go()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, held: () => Promise<void>) {
  const path = request.url?.split('?')[0]
  if (path === '/gzip') {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' }).end(GZIPPED)
  } else if (path === '/sse' || path === '/stream') {
    response.writeHead(200, { 'Content-Type': path === '/sse' ? 'text/event-stream' : 'text/plain' })
    response.write('data: first\n\n')
    await held()
    response.end('data: last\n\n')
  } else if (path === '/silent-sse') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    await held()
    response.end()
  } else if (path === '/cut') {
    response.writeHead(200, { 'Content-Length': '1000' })
    response.write('only this', () => request.socket.destroy())
  } else if (path === '/trailers') {
    response.writeHead(200, { Trailer: 'Set-Cookie, Clear-Site-Data' })
    response.write('trailers')
    response.addTrailers({ 'Set-Cookie': INSTANCE_COOKIES.refused[0] ?? '', 'Clear-Site-Data': '"*"' })
    response.end()
  } else if (path === '/cookies') {
    response.setHeader('Set-Cookie', [...INSTANCE_COOKIES.refused, ...INSTANCE_COOKIES.kept])
    response.setHeader('Clear-Site-Data', '"*"')
    response.setHeader('Content-Security-Policy', "default-src 'self'")
    response.end('cookies')
  } else if (path === '/pass-header') {
    response.setHeader(PASS_HEADERS.cookie, `${PASS_COOKIE}=forged; Path=/; Secure`)
    response.end('pass')
  } else {
    await echo(request, response)
  }
}

async function echo(request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request)
  const said: Echo = {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: allHeaders(request),
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said))
}
