/** Passes requests on to an app's server, streams and WebSockets too, without what is for the computer alone. */
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { INSTANCE_HEADERS } from '@matrixos/shared'
import { APP_POLICY } from '../static.ts'
import type { Lease } from './servers.ts'

/** Between two neighbours only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const { permissions, platformUserId, platformVerified } = INSTANCE_HEADERS
const PRIVATE = [permissions, platformUserId, platformVerified]

/** `isBearerOurs`: the edge shows it to this computer, and it opens all of it. */
function headersTo({ headers }: IncomingMessage, isBearerOurs: boolean): IncomingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  const dropped = new Set([...HOP_BY_HOP, ...PRIVATE, ...named, ...(isBearerOurs ? ['authorization'] : [])])
  const kept = Object.entries(headers).filter(([name]) => !dropped.has(name))
  return { ...Object.fromEntries(kept), host: String(headers['x-forwarded-host'] ?? headers.host) }
}

const headersFrom = (headers: IncomingHttpHeaders): IncomingHttpHeaders => ({
  'content-security-policy': APP_POLICY,
  'x-content-type-options': 'nosniff',
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name))),
  'origin-agent-cluster': '?1',
})

export interface Passing {
  request: IncomingMessage
  lease: Lease
  isBearerOurs: boolean
}

/** Resolves when the answer is over; rejects when there is none. */
export function passOn({ request, lease, isBearerOurs }: Passing, response: ServerResponse): Promise<void> {
  const { method, url } = request
  return new Promise((resolve, reject) => {
    // Whoever left while the server started is told by nothing else.
    if (response.destroyed) return resolve()
    const headers = headersTo(request, isBearerOurs)
    const asked = send({ host: '127.0.0.1', port: lease.port, method, path: url, headers, agent: false })
    response.once('close', () => {
      asked.destroy()
      resolve()
    })
    asked.on('error', (error) => (response.headersSent ? response.destroy() : reject(error)))
    asked.once('response', (answer) => {
      response.writeHead(statusOf(answer), headersFrom(answer.headers))
      answer.once('error', () => response.destroy())
      answer.pipe(response)
    })
    request.pipe(asked)
  })
}

/** Node takes any three digits, and sends only those that HTTP knows. */
const statusOf = ({ statusCode = 0 }: IncomingMessage) => (statusCode >= 200 ? statusCode : 502)

/** Speaks to the server in the client's own words, and then keeps out of it. */
export function passOnUpgrade(
  { request, lease, isBearerOurs }: Passing,
  stream: Duplex,
  head: Buffer,
): Promise<void> {
  const { method, url, headers } = request
  if (stream.destroyed) return Promise.resolve()
  const socket = connect({ host: '127.0.0.1', port: lease.port })
  const lines = Object.entries({
    ...headersTo(request, isBearerOurs),
    connection: 'Upgrade',
    upgrade: headers.upgrade,
  }).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  return new Promise((resolve) => {
    const over = () => {
      socket.destroy()
      stream.destroy()
      resolve()
    }
    for (const one of [socket, stream]) one.once('error', over).once('close', over)
    socket.once('connect', () => {
      socket.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      socket.write(head)
      stream.pipe(socket).pipe(stream)
    })
  })
}
