/**
 * Sends one request upstream. `node:http` itself, since a proxy library would read the body before the connection
 * stands, join repeated headers and pass a WebSocket's answer unseen.
 */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { badAnswer } from './refusal.ts'

/** A unix socket's path, or a `host:port`. */
export type Target = { socketPath: string } | { host: string; port: number }

/** `host:port`, with brackets around an IPv6 host. */
export function targetOf(address: string): Target {
  const { hostname, port } = new URL(`http://${address}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}

export interface Outgoing {
  target: Target
  method: string
  path: string
  headers: string[]
  webSocket: boolean
  /** Read only once the connection stands, so that it is whole for another try when it does not. */
  body?: Readable
  /** Milliseconds until the answer has begun; without it, whoever answers may take as long as they like. */
  answerMs?: number
  signal: AbortSignal
}

export interface Answer {
  response: IncomingMessage
  /** The connection and its first bytes, after 101. */
  upgraded?: { socket: Socket; head: Buffer }
}

const DIAL_TIMEOUT_MS = 3000

/** Less than the 5 s after which Node closes an idle connection, lest a request be sent into a closing one. */
const IDLE_TIMEOUT_MS = 4000

/** Methods that change nothing (RFC 9110, 9.2.1). DELETE is idempotent, but its second answer is another one. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface Sender {
  send: (outgoing: Outgoing) => Promise<Answer>
  close: () => void
}

export function createSender(): Sender {
  const pool = new Agent({ keepAlive: true, maxFreeSockets: 256, timeout: IDLE_TIMEOUT_MS })
  // Its connections end with the answer: after a refused upgrade nobody knows what the upstream waits for. What may
  // not be sent twice gets one too, for on a kept one nobody knows whether the upstream had closed it before.
  const single = new Agent({ keepAlive: false })
  const sendOnce = (outgoing: Outgoing) =>
    new Promise<Answer>((resolve, reject) => {
      const { target, method, path, headers, signal, webSocket } = outgoing
      const agent = webSocket || !REPEATABLE.has(method) ? single : pool
      const sent = request({ ...target, method, path, headers, signal, agent })
      if (outgoing.answerMs !== undefined) limitSilence(sent, outgoing.answerMs)
      sent.on('response', (response) => resolve({ response }))
      sent.on('upgrade', (response, socket: Socket, head) => {
        if (webSocket && isWebSocket(response)) return resolve({ response, upgraded: { socket, head } })
        socket.destroy()
        reject(badAnswer())
      })
      sent.on('error', (error) => reject(isUnreadable(error) ? badAnswer(error) : new SendError(error, sent)))
      sent.on('socket', (socket: Socket) => whenConnected(sent, socket, () => writeBody(sent, outgoing.body)))
    })
  return {
    send: (outgoing) =>
      sendOnce(outgoing).catch((error: unknown) => {
        // An idle connection that the server closed in this moment: nothing was lost, a new one does.
        if (error instanceof SendError && error.stale && REPEATABLE.has(outgoing.method) && !outgoing.body)
          return sendOnce(outgoing)
        throw error
      }),
    close: () => {
      pool.destroy()
      single.destroy()
    },
  }
}

/** The same for a client's question and an upstream's answer. */
export const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket'

const isUnreadable = (error: Error) => 'code' in error && String(error.code).startsWith('HPE_')

/** `neverConnected`: nobody has read the request, so it may go elsewhere whatever its method. */
export class SendError extends Error {
  readonly neverConnected: boolean
  readonly stale: boolean

  constructor(cause: Error, sent: ClientRequest) {
    super('The upstream did not answer.', { cause })
    this.neverConnected = 'syscall' in cause && cause.syscall === 'connect'
    this.stale = sent.reusedSocket && 'code' in cause && cause.code === 'ECONNRESET'
  }
}

function limitSilence(sent: ClientRequest, answerMs: number): void {
  const late = setTimeout(() => sent.destroy(new Error('No answer has begun in time.')), answerMs)
  for (const event of ['response', 'upgrade', 'close']) sent.once(event, () => clearTimeout(late))
}

function whenConnected(sent: ClientRequest, socket: Socket, then: () => void): void {
  const start = () => {
    socket.setTimeout(0)
    socket.setNoDelay(true)
    then()
  }
  if (!socket.connecting) {
    start()
    return
  }
  socket.setTimeout(DIAL_TIMEOUT_MS)
  const late = () =>
    sent.destroy(Object.assign(new Error('Nobody answered the call.'), { syscall: 'connect' }))
  socket.once('timeout', late)
  socket.once('connect', () => {
    socket.off('timeout', late)
    start()
  })
}

function writeBody(sent: ClientRequest, body: Readable | undefined): void {
  if (!body) sent.end()
  else body.pipe(sent)
}
