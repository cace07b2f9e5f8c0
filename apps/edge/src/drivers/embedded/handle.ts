/** The request flow of the embedded edge: to a service, or past the gate to an instance. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ADMITTED_STATUS, CHECK_RESPONSE_HEADERS, GATE_PATH } from '@matrixos/shared'
import type { EdgeOptions } from '../../driver.ts'
import type { Groups } from '../../groups/groups.ts'
import { isNavigation } from '../../policy/pages.ts'
import { TOO_MANY, TOO_MANY_GUESTS } from '../../policy/texts.ts'
import { framing, hasBody, limitedBody } from './body.ts'
import { refuseMalformed, refuseManyCookies } from './check.ts'
import type { Client, ClientReader } from './client.ts'
import type { Counter } from './counter.ts'
import {
  fromClient,
  fromInstance,
  type Question,
  toClient,
  toGate,
  toHomeserver,
  toInstance,
  toService,
} from './headers.ts'
import { type LargeHeads, refuseLongHeaders } from './large-heads.ts'
import type { NetworkLimit } from './network-limit.ts'
import { Refusal, refusalFor } from './refusal.ts'
import { relay, say } from './relay.ts'
import { type Answer, type Outgoing, SendError, type Sender, type Target, targetOf } from './send.ts'
import { destinationOf } from './target.ts'

export interface HandleOptions extends EdgeOptions {
  sender: Sender
  counter: Counter
  groups: Groups
  clients: ClientReader
  networkLimit: NetworkLimit
  largeHeads: LargeHeads
}

interface Visit {
  request: IncomingMessage
  response: ServerResponse
  webSocket: boolean
  headers: string[]
  signal: AbortSignal
}

export function createHandler(options: HandleOptions) {
  return async (request: IncomingMessage, response: ServerResponse, webSocket: boolean): Promise<void> => {
    const gone = new AbortController()
    response.on('close', () => {
      gone.abort()
      if (!webSocket) dropRest(request, options.limits.lingerMs)
    })
    try {
      refuseMalformed(request, webSocket)
      refuseManyCookies(request, options.limits)
      refuseLongHeaders(request, options.limits)
      const host = request.headers.host ?? ''
      const asked = { host, uri: request.url ?? '/' }
      const destination = destinationOf(asked, options.hosts, options.sockets, options.homeserver)
      const client = options.clients.read(request)
      if (options.clients.trusts(request.socket)) takePlace(client, request, response, options)
      const headers = fromClient(request.rawHeaders, { ...client, host })
      const visit: Visit = { request, response, webSocket, headers, signal: gone.signal }
      if (destination.type === 'instance') await visitInstance(visit, options)
      else if (destination.type === 'homeserver') await visitHomeserver(visit, destination.target, options)
      else await visitService(visit, destination, options)
    } catch (error) {
      say(response, refusalFor(error), isNavigation(request.method, request.headers))
    }
  }
}

/** A trusted proxy's connections say nothing of its clients, so their requests are counted. Throws a Refusal. */
function takePlace(
  { address }: Client,
  request: IncomingMessage,
  response: ServerResponse,
  { networkLimit, largeHeads }: HandleOptions,
): void {
  const release = networkLimit.take(address)
  if (!release) throw new Refusal(429, TOO_MANY)
  response.once('close', release)
  largeHeads.take(request, response, address)
}

/** What nobody took of a body would stay in the way of the connection's next request. */
function dropRest(request: IncomingMessage, lingerMs: number): void {
  request.unpipe().resume()
  if (request.complete) return
  const late = setTimeout(() => request.socket.destroy(), lingerMs)
  for (const event of ['end', 'close']) request.once(event, () => clearTimeout(late))
}

async function visitService(visit: Visit, target: Target, { sender, limits }: HandleOptions): Promise<void> {
  const { request, response, headers } = visit
  const body = hasBody(request) ? limitedBody(request, response, limits) : undefined
  const answer = await sender.send({
    ...outgoing(visit, target, toService(headers)),
    ...(body ? { body } : {}),
    // A body has its own time to arrive.
    answerMs: limits.platformAnswerMs + (body ? limits.platformRequestMs : 0),
  })
  await relay(answer, response, toClient(answer.response.rawHeaders))
}

/** It has limits of its own: it takes files, and holds a client's question until something happens. */
async function visitHomeserver(visit: Visit, target: Target, { sender }: HandleOptions): Promise<void> {
  const answer = await sender.send(outgoing(visit, target, toHomeserver(visit.headers)))
  await relay(answer, visit.response, toClient(answer.response.rawHeaders))
}

/** The gate is asked again when nobody answers where it sent us: it then wakes one that it believed awake. */
async function visitInstance(visit: Visit, options: HandleOptions): Promise<void> {
  for (const failed of [false, true]) {
    const gate = await askGate(visit, failed, options)
    const { statusCode = 502, headers } = gate.response
    if (statusCode !== ADMITTED_STATUS) return relay(gate, visit.response, toClient(gate.response.rawHeaders))
    gate.response.resume()
    const read = (name: string) => String(headers[name] ?? '')
    const done = await proxy(visit, read, options).catch((error: unknown) => {
      if (failed || !mayRepeat(visit.request, error)) throw error
      return false
    })
    if (done) return
  }
}

const mayRepeat = (request: IncomingMessage, error: unknown): boolean =>
  error instanceof SendError &&
  (error.neverConnected || ((request.method === 'GET' || request.method === 'HEAD') && !hasBody(request)))

async function proxy(visit: Visit, read: (name: string) => string, options: HandleOptions): Promise<true> {
  const address = read(CHECK_RESPONSE_HEADERS.upstream)
  const release = note(visit, address, read(CHECK_RESPONSE_HEADERS.group), options)
  try {
    const headers = toInstance(visit.headers, read)
    const answer = await options.sender.send(outgoing(visit, targetOf(address), headers))
    const frameAncestor = read(CHECK_RESPONSE_HEADERS.frameAncestor)
    await relay(answer, visit.response, fromInstance(answer.response.rawHeaders, frameAncestor))
    return true
  } finally {
    release()
  }
}

/** Counts what is about to be sent. Throws a Refusal where an app has too many guests. */
function note(visit: Visit, upstream: string, group: string, options: HandleOptions): () => void {
  const end = () => visit.request.socket.destroy()
  if (group === '') return options.counter.add(upstream, end)
  const { address } = options.clients.read(visit.request)
  const release = options.groups.take({ group, upstream, address, end })
  if (!release) throw new Refusal(429, TOO_MANY_GUESTS)
  return release
}

function askGate(visit: Visit, failed: boolean, options: HandleOptions): Promise<Answer> {
  const { method = 'GET', url: uri = '/' } = visit.request
  const question: Question = { method, uri, webSocket: visit.webSocket, failed }
  return options.sender.send({
    target: { socketPath: options.sockets.gate },
    method: 'GET',
    path: GATE_PATH,
    headers: toGate(visit.headers, question),
    webSocket: false,
    answerMs: options.limits.platformAnswerMs,
    signal: visit.signal,
  })
}

function outgoing({ request, webSocket, signal }: Visit, target: Target, headers: string[]): Outgoing {
  return {
    target,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: [
      ...headers,
      ...(webSocket ? ['Connection', 'Upgrade', 'Upgrade', 'websocket'] : framing(request)),
    ],
    webSocket,
    ...(!webSocket && hasBody(request) ? { body: request } : {}),
    signal,
  }
}
