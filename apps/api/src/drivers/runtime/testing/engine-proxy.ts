/** A Docker Engine socket that a test can tamper with: silent, rewriting, or fake. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'

export interface EngineCall {
  method: string
  /** Without version and query. */
  path: string
}

/** `silent`: accepts and never answers. `stalled`: begins an answer and never ends it. `pass`: to the real engine. */
export type EngineAnswer = 'pass' | 'silent' | 'stalled' | { status?: number; json: unknown }

export interface EngineProxyOptions {
  folder: string
  /** The real engine's socket, for calls that are passed on. */
  target?: string
  answer: (call: EngineCall) => EngineAnswer
  /** Changes the JSON that the real engine answered. */
  rewrite?: (call: EngineCall, json: Record<string, unknown>) => Record<string, unknown>
}

export interface EngineProxy extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  host: string
  calls: EngineCall[]
  count: (method: string, path: RegExp) => number
  /** Calls whose client left before the whole answer. */
  abandoned: () => number
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = ''
  message.setEncoding('utf8')
  for await (const chunk of message) text += chunk
  return text
}

function passOn(
  { target, rewrite }: EngineProxyOptions,
  call: EngineCall,
  from: IncomingMessage,
  to: ServerResponse,
) {
  const { url = '', method = '', headers } = from
  const onward = request({ socketPath: target, path: url, method, headers }, async (answer) => {
    if (!rewrite || !answer.headers['content-type']?.includes('json') || call.path === '/events') {
      to.writeHead(answer.statusCode ?? 500, answer.headers)
      to.flushHeaders()
      answer.pipe(to)
      return
    }
    const parsed: unknown = JSON.parse((await textOf(answer)) || 'null')
    const isObject = parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
    const json = isObject ? rewrite(call, parsed as Record<string, unknown>) : parsed
    to.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  onward.on('error', () => to.destroy())
  to.on('close', () => onward.destroy())
  from.pipe(onward)
}

export async function openEngineProxy(options: EngineProxyOptions): Promise<EngineProxy> {
  const socketPath = join(options.folder, 'engine.sock')
  const calls: EngineCall[] = []
  let abandoned = 0
  const server = createServer((from, to) => {
    const path = new URL(from.url ?? '', 'http://engine').pathname.replace(/^\/v[\d.]+/, '')
    const call = { method: from.method ?? '', path }
    calls.push(call)
    to.on('close', () => {
      if (!to.writableFinished) abandoned++
    })
    const answer = options.answer(call)
    if (answer === 'silent') return
    if (answer === 'pass') return passOn(options, call, from, to)
    const json = answer === 'stalled' ? null : JSON.stringify(answer.json)
    const status = answer === 'stalled' ? 200 : (answer.status ?? 200)
    to.writeHead(status, { 'content-type': 'application/json' })
    if (json === null) to.write('[{')
    else to.end(json)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return {
    host: `unix://${socketPath}`,
    calls,
    count: (method, path) => calls.filter((call) => call.method === method && path.test(call.path)).length,
    abandoned: () => abandoned,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
