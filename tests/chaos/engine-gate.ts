/**
 * Stands between the platform and its engine, and holds one call in the middle: before the engine hears of it, while
 * it works on it, or once it has done it and nobody was told.
 */
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { join } from 'node:path'
import type Docker from 'dockerode'

const CALLS = {
  create: { method: 'POST', path: /^\/containers\/create$/ },
  start: { method: 'POST', path: /^\/containers\/([^/]+)\/start$/ },
  stop: { method: 'POST', path: /^\/containers\/([^/]+)\/stop$/ },
  pause: { method: 'POST', path: /^\/containers\/([^/]+)\/pause$/ },
  unpause: { method: 'POST', path: /^\/containers\/([^/]+)\/unpause$/ },
  remove: { method: 'DELETE', path: /^\/containers\/([^/]+)$/ },
}

export type EngineCallKind = keyof typeof CALLS
/** `asked`: the engine has not heard of it. `working`: it has, and has not answered. `done`: the answer is held back. */
export type HoldPoint = 'asked' | 'working' | 'done'

export interface HeldCall {
  /** Whether the platform waits for the answer. */
  isHeld: () => boolean
  /** Whether it never had one: it may have died meanwhile. */
  isUnanswered: () => boolean
  /** To the engine, or its answer to the platform. Whoever asked may be dead by then. */
  passOn: () => void
  /** The connection breaks. */
  drop: () => void
}

interface Wanted {
  /** Its name in the first generation. */
  container: string
  /** Left out: whichever. */
  generation?: number
  kind: EngineCallKind
  point: HoldPoint
  onHeld: (held: HeldCall) => void
}

export interface EngineGate extends AsyncDisposable {
  host: string
  /** The next such call for the container of that name; resolves when it is held. */
  hold: (wanted: Omit<Wanted, 'onHeld'>) => Promise<HeldCall>
}

export interface EngineGateOptions {
  folder: string
  /** The engine's own socket. */
  target: string
  docker: Docker
}

/** Later generations have a number behind their name. */
function isOf(name: string, { container, generation }: Wanted): boolean {
  const [base, number = '1'] = name.split('.')
  return base === container && (generation === undefined || Number(number) === generation)
}

export async function openEngineGate({ folder, target, docker }: EngineGateOptions): Promise<EngineGate> {
  const socketPath = join(folder, 'gate.sock')
  const wanted = new Set<Wanted>()

  async function containerOf(url: URL, id: string | undefined): Promise<string> {
    if (id === undefined) return url.searchParams.get('name') ?? ''
    const found = await docker
      .getContainer(id)
      .inspect()
      .catch(() => null)
    return found?.Name.slice(1) ?? id
  }

  async function find(method: string, url: URL): Promise<Wanted | null> {
    const path = url.pathname.replace(/^\/v[\d.]+/, '')
    for (const each of wanted) {
      const call = CALLS[each.kind]
      const match = call.method === method ? call.path.exec(path) : null
      if (!match || !isOf(await containerOf(url, match[1]), each)) continue
      if (wanted.delete(each)) return each
    }
    return null
  }

  const server = createServer(async (from, to) => {
    // Its bytes wait until they are wanted.
    const url = new URL(from.url ?? '', 'http://engine')
    const found = wanted.size > 0 ? await find(from.method ?? '', url) : null
    if (!found) return void from.pipe(ask(target, from, to, (answer) => pipeTo(to, answer)))
    // Whoever asked may be dead when it is passed on.
    const body = Buffer.concat(await from.toArray())
    const send = (onAnswer: OnAnswer) => void ask(target, from, to, onAnswer).end(body)
    const pipe: OnAnswer = (answer) => pipeTo(to, answer)
    if (found.point === 'asked') return hold(found, to, () => send(pipe))
    if (found.point === 'done')
      return send(async (answer) => {
        const whole = Buffer.concat(await answer.toArray().catch(() => []))
        hold(found, to, () => to.writeHead(answer.statusCode ?? 500, answer.headers).end(whole))
      })
    send(pipe)
    hold(found, to, () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return {
    host: `unix://${socketPath}`,
    hold: (what) => new Promise((onHeld) => wanted.add({ ...what, onHeld })),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function hold({ onHeld, point }: Wanted, to: ServerResponse, goOn: () => void): void {
  let isWaiting = true
  const leave = (then: () => void) => () => {
    if (isWaiting) then()
    isWaiting = false
  }
  const isUnanswered = () => isWaiting && !to.headersSent
  onHeld({
    isUnanswered,
    isHeld: () => isUnanswered() && !to.destroyed,
    passOn: leave(goOn),
    // What the engine works on breaks with the engine.
    drop: leave(() => {
      if (point !== 'working') to.destroy()
    }),
  })
}

type OnAnswer = (answer: IncomingMessage) => void

function pipeTo(to: ServerResponse, answer: IncomingMessage): void {
  to.writeHead(answer.statusCode ?? 500, answer.headers)
  to.flushHeaders()
  answer.on('error', () => to.destroy()).pipe(to)
}

function ask(target: string, from: IncomingMessage, to: ServerResponse, onAnswer: OnAnswer): ClientRequest {
  const { url = '', method = '', headers } = from
  const onward = request({ socketPath: target, path: url, method, headers }, onAnswer)
  onward.on('error', () => to.destroy())
  from.on('error', () => onward.destroy())
  // What the engine was asked it does, whether or not somebody still waits: only what is read ends with its reader.
  if (method === 'GET') to.on('close', () => onward.destroy())
  return onward
}
