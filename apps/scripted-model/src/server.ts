/** The demonstration model's server: a free model in the providers' own protocols, and the truth that tests compare with. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createPromptCache } from './answer/cache.ts'
import type { WhoHasKeys } from './answer/words.ts'
import type { Exchange } from './exchange.ts'
import { identityHeaders } from './http/headers.ts'
import { type Listen, listenOn } from './http/listen.ts'
import { answerExchange } from './routes.ts'
import { createTruthBook, type TruthRecord } from './truth.ts'

export type { TruthRecord } from './truth.ts'

export interface ScriptedModelOptions {
  /** Default: a free port of loopback. */
  listen?: Listen
  /** Whether requests may ask for answers and faults. Default: yes. */
  faults?: boolean
  /** Whether `GET /scripted/truth?after=CURSOR` tells the truth as JSON lines. `truth()` always does. Default: yes. */
  tellTruth?: boolean
  /** `human`: about 40 pieces a second. Default: `instant`. */
  pace?: 'human' | 'instant'
  /** Whose key would bring real answers. Default: the server's. */
  keysOf?: WhoHasKeys
  /** The only key it accepts. Default, `null`: any. */
  apiKey?: string | null
  now?: () => number
  newId?: (prefix: string) => string
}

export interface ScriptedModel extends AsyncDisposable {
  url: string
  /** Records of messages and completions after this cursor (default: all), oldest first. */
  truth: (after?: number) => TruthRecord[]
  /** Requests whose head has arrived, answered or not. */
  received: () => number
  close: () => Promise<void>
}

const HUMAN_DELAY_MS = 25
const MOST_RECORDS = 200_000
const TRUTH_PATH = '/scripted/truth'

export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const { faults = true, tellTruth = true, pace = 'instant', apiKey = null, keysOf = 'server' } = options
  const { now = Date.now, newId = randomId, listen = { host: '127.0.0.1', port: 0 } } = options
  const truth = createTruthBook(tellTruth ? MOST_RECORDS : 0)
  const shared = { now, newId, faults, keysOf, truth, cache: createPromptCache() }
  const eventDelayMs = pace === 'human' ? HUMAN_DELAY_MS : 0

  let received = 0
  const server = createServer({ noDelay: true, keepAliveTimeout: 75_000 }, (request, response) => {
    received++
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (tellTruth && url.pathname === TRUTH_PATH) return sendTruth(response, truth.since(cursorOf(url)))
    const requestId = newId('req')
    for (const [name, value] of identityHeaders(requestId, now())) response.setHeader(name, value)
    const gone = goneSignal(request, response)
    const exchange: Exchange = { ...shared, request, response, url, requestId, eventDelayMs, gone }
    void answerExchange(exchange, { apiKey })
  })
  const url = await listenOn(server, listen)
  const close = async () => {
    if (!server.listening) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  return {
    url,
    truth: (after = 0) => truth.since(after),
    received: () => received,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const randomId = (prefix: string) => `${prefix}_01${randomBytes(11).toString('hex')}`

/** Aborted when the connection closes before the answer is over. */
function goneSignal(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  request.once('error', () => gone.abort())
  return gone.signal
}

const cursorOf = (url: URL) => Number(url.searchParams.get('after')) || 0

function sendTruth(response: ServerResponse, records: TruthRecord[]): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.end(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
}
