/** A fake gate and the platform's other services, on unix sockets in one folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECK_REQUEST_HEADERS, CHECK_RESPONSE_HEADERS, PLATFORM_PATH } from '@matrixos/shared'
import { type Sockets, socketsIn } from '../driver.ts'
import { allHeaders } from './instance.ts'
import { readBody, startServer } from './servers.ts'

export interface Asked {
  host: string
  method: string
  path: string
  body: number
  question: { method: string; uri: string; upgrade: string; failed: string }
  headers: Record<string, string[]>
}

export interface GateAnswer {
  status: number
  headers?: Record<string, string | string[]>
  body?: string
}

export interface FakePlatform extends AsyncDisposable {
  runDir: string
  sockets: Sockets
  asked: Asked[]
  /** URLs that the service socket was asked; it answers 404. */
  serviceAsked: string[]
  /** What the gate answers; may hold. */
  decide: (asked: Asked) => GateAnswer | Promise<GateAnswer>
  /** Lets the api's answers to `/trpc/stream` go on to their end. */
  finishStreams: () => void
  /** The web pages' server goes away. */
  stopSpa: () => Promise<void>
}

/** The gate's answer for an instance that is awake. */
export const pass = (
  upstream: string,
  more: Partial<Record<keyof typeof CHECK_RESPONSE_HEADERS, string>> = {},
): GateAnswer => {
  const values: typeof more = { ...more, upstream }
  const entries = Object.entries(CHECK_RESPONSE_HEADERS) as Array<
    [keyof typeof CHECK_RESPONSE_HEADERS, string]
  >
  return { status: 204, headers: Object.fromEntries(entries.map(([key, name]) => [name, values[key] ?? ''])) }
}

export async function startPlatform(): Promise<FakePlatform> {
  const runDir = await mkdtemp(join(tmpdir(), 'mos-edge-'))
  const sockets = socketsIn(runDir)
  const serviceAsked: string[] = []
  const asked: Asked[] = []
  const streams = new Set<ServerResponse>()
  const platform = {
    ...{ runDir, sockets, asked, serviceAsked, decide: (): GateAnswer => ({ status: 404 }) },
    finishStreams: () => {
      for (const response of streams) response.end('last')
    },
  }
  const api = echoService('api')
  const spa = await startServer(echoService('spa'), { socketPath: sockets.spa })
  const servers = [
    spa,
    await startServer(
      (request, response) => {
        if (request.url !== '/trpc/stream') return api(request, response)
        streams.add(response)
        response.write('first')
      },
      { socketPath: sockets.api },
    ),
    await startServer((request, response) => void service(request, response, serviceAsked), {
      socketPath: sockets.service,
    }),
    await startServer((request, response) => void gate(request, response, platform), {
      socketPath: sockets.gate,
    }),
  ]
  return Object.assign(platform, {
    stopSpa: async () => spa[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]()
      await rm(runDir, { recursive: true, force: true })
    },
  })
}

function service(request: IncomingMessage, response: ServerResponse, asked: string[]) {
  asked.push(request.url ?? '')
  response.writeHead(404).end()
}

/** A stream of events that ends with its client, as a dashboard holds one open. */
const ENDLESS = /^\/(trpc|\.mos)\/endless$/

/** Never answered, as by a service that hangs. */
const SILENT = /\/silent$/

/** Answered with that status before the body is read. */
const EARLY = /\/early-(\d{3})$/

const echoService = (service: string) => async (request: IncomingMessage, response: ServerResponse) => {
  if (ENDLESS.test(request.url ?? '')) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n')
    return
  }
  if (SILENT.test(request.url ?? '')) return
  const early = EARLY.exec(request.url ?? '')
  if (early) {
    response.writeHead(Number(early[1])).end('early')
    return
  }
  // A client that goes away in the middle is nothing to fail over.
  const bytes = await readBody(request).then(
    (body) => body.length,
    () => -1,
  )
  response.setHeader('Set-Cookie', '__Host-mos_session=theirs; Path=/; Secure')
  response.end(JSON.stringify({ service, url: request.url, headers: allHeaders(request), bytes }))
}

async function gate(
  request: IncomingMessage,
  response: ServerResponse,
  platform: Pick<FakePlatform, 'asked' | 'decide'>,
) {
  if (request.url?.startsWith(PLATFORM_PATH)) return echoService('gate')(request, response)
  let body = 0
  for await (const chunk of request) body += chunk.length
  const read = (name: string) => String(request.headers[name] ?? '')
  const asked: Asked = {
    host: read('host'),
    method: request.method ?? '',
    path: request.url ?? '',
    body,
    question: {
      method: read(CHECK_REQUEST_HEADERS.method),
      uri: read(CHECK_REQUEST_HEADERS.uri),
      upgrade: read(CHECK_REQUEST_HEADERS.upgrade),
      failed: read(CHECK_REQUEST_HEADERS.failed),
    },
    headers: allHeaders(request),
  }
  platform.asked.push(asked)
  const answer = await platform.decide(asked)
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}
