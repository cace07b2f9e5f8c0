/** What the edge's benchmark runs: a gate to ask, the floors beside Caddy, load, open WebSockets. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { CHECK_REQUEST_HEADERS, CHECK_RESPONSE_HEADERS, GATE_PATH, PASS_COOKIE } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import autocannon from 'autocannon'
import { eq, sql } from 'drizzle-orm'
import { Agent, request } from 'undici'
import { WebSocket } from 'ws'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import { openPostgres } from '../../apps/api/src/drivers/database/postgres/index.ts'
import { CONSOLE_PATH } from '../../apps/instance/src/protocol.ts'
import type { Stack } from '../support/stack.ts'
import { createPerson } from './people.ts'

/** Whom to ask, and as whom. */
export interface BenchGate {
  gateSocket: string
  /** Host of an instance that is awake, without a port. */
  host: string
  /** The `Cookie` of a viewer who may see it. */
  cookie: string
  webSocketPath: string
  /** Of the instance's own pages, which alone may open its WebSockets. */
  origin: string
}

/** A path that every instance answers cheaply. */
const PATH = '/health'

/** Signs a person up on a running platform: its gate and its instance are what is measured. */
export async function gateOf(stack: Stack, name: string): Promise<BenchGate> {
  const { client, url, handle } = await createPerson(stack, name)
  return {
    gateSocket: join(stack.platform().runDir, 'gate.sock'),
    host: client.hosts.instanceHost(handle),
    cookie: withoutPass(client.browser.jar.header(new URL(url))),
    webSocketPath: CONSOLE_PATH,
    origin: client.hosts.instanceOrigin(handle),
  }
}

/** One that was given before would stand in the way of one for another address. */
const withoutPass = (cookies: string): string =>
  cookies
    .split('; ')
    .filter((pair) => !pair.startsWith(`${PASS_COOKIE}=`))
    .join('; ')

/** The instance's address and the headers it trusts, as the gate says. Throws when the viewer is refused. */
export async function askGate(
  gate: BenchGate,
): Promise<{ upstream: string; headers: Record<string, string> }> {
  const dispatcher = new Agent({ connect: { socketPath: gate.gateSocket } })
  const response = await request(`http://gate${GATE_PATH}`, {
    headers: {
      ...{ host: gate.host, cookie: gate.cookie },
      [CHECK_REQUEST_HEADERS.method]: 'GET',
      [CHECK_REQUEST_HEADERS.uri]: '/',
      [CHECK_REQUEST_HEADERS.upgrade]: '',
    },
    dispatcher,
  })
  await response.body.dump()
  await dispatcher.close()
  const upstream = String(response.headers[CHECK_RESPONSE_HEADERS.upstream] ?? '')
  if (response.statusCode >= 300 || !upstream)
    throw new Error(`The gate answers ${response.statusCode} for ${gate.host}: there is nothing to measure.`)
  const user = String(response.headers[CHECK_RESPONSE_HEADERS.user] ?? '')
  const authorization = String(response.headers[CHECK_RESPONSE_HEADERS.authorization] ?? '')
  return { upstream, headers: { 'x-mos-user': user, ...(authorization ? { authorization } : {}) } }
}

/** Headers of a request of the instance's own page, with which the gate gives a pass, and the pass itself. */
export async function passHeaders(gate: BenchGate, port: number): Promise<Record<string, string>> {
  const own = { host: gate.host, 'sec-fetch-site': 'same-origin' }
  const headers = { ...own, cookie: gate.cookie, 'sec-fetch-dest': 'empty' }
  const response = await request(`http://127.0.0.1:${port}${PATH}`, { headers })
  await response.body.dump()
  const set = [response.headers['set-cookie'] ?? []].flat()
  const pass = set
    .map((line) => line.split(';', 1)[0] ?? '')
    .find((pair) => pair.startsWith(`${PASS_COOKIE}=`))
  if (!pass) throw new Error(`The gate gives no pass for ${gate.host}: there is nothing to measure.`)
  return { ...own, cookie: `${gate.cookie}; ${pass}` }
}

/** Has the gate answer with 127.0.0.1 and this port for an instance; resolves once it does. */
export async function moveInstance(stack: Stack, gate: BenchGate, port: number): Promise<void> {
  const { databaseUrl } = stack
  if (!databaseUrl) throw new Error('Only a platform on PostgreSQL can be told.')
  const database = openPostgres({ url: databaseUrl, maxConnections: 1, statementTimeoutMs: 5_000 })
  const handle = gate.host.split('.', 1)[0] ?? ''
  const address = { host: '127.0.0.1', gatewayPort: port, shellPort: null, trust: 'edge' } as const
  const [row] = await database.db
    .update(instances)
    .set({ address, version: sql`${instances.version} + 1` })
    .where(eq(instances.handle, handle))
    .returning({ id: instances.id })
  await database.notify('instances', JSON.stringify({ from: 'bench', notice: { id: row?.id } }))
  await database.close()
  await until('the gate knows the new address', async () => {
    return (await askGate(gate)).upstream === `127.0.0.1:${port}`
  })
}

/** JupyterHub's proxy, which checks nobody: what one would use instead. */
export async function startChp(port: number, apiPort: number, upstream: string): Promise<AsyncDisposable> {
  const bin = createRequire(import.meta.url).resolve('configurable-http-proxy/bin/configurable-http-proxy')
  const args = ['--ip', '127.0.0.1', '--port', port, '--api-ip', '127.0.0.1', '--api-port', apiPort]
  const target = ['--default-target', `http://${upstream}`, '--log-level', 'error']
  const child = spawn(process.execPath, [bin, ...args.map(String), ...target], { stdio: 'ignore' })
  return {
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

export interface Load {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  failed: number
}

export interface LoadOptions {
  port: number
  path?: string
  headers: Record<string, string>
  seconds: number
  connections?: number
}

const asLoad = (result: autocannon.Result): Load => ({
  requestsPerSecond: result.requests.average,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  failed: result.non2xx + result.errors + result.timeouts,
})

export async function load(options: LoadOptions): Promise<Load> {
  const { port, path = PATH, headers, seconds, connections = 50 } = options
  return asLoad(
    await autocannon({ url: `http://127.0.0.1:${port}${path}`, headers, connections, duration: seconds }),
  )
}

/** Opens WebSockets and counts those that close before `close` is called. */
export async function openSockets(count: number, port: number, gate: BenchGate) {
  let dropped = 0
  let closing = false
  const open = async () => {
    const headers = { host: gate.host, cookie: gate.cookie, origin: gate.origin }
    const socket = new WebSocket(`ws://127.0.0.1:${port}${gate.webSocketPath}`, { headers })
    socket.on('error', () => undefined)
    await once(socket, 'open')
    socket.on('close', () => {
      if (!closing) dropped++
    })
    return socket
  }
  const sockets = await Promise.all(Array.from({ length: count }, open))
  return {
    dropped: () => dropped,
    close: () => {
      closing = true
      for (const socket of sockets) socket.terminate()
    },
  }
}

const LISTENING = '0A'

/** Sockets that listen on a port of an IPv4 address (Linux). */
function countListeners(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return rows.filter((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/)
    return local.endsWith(end) && state === LISTENING
  }).length
}

/**
 * Before load, which is no visitor during a change: Caddy shows its new configuration a moment before it closes the
 * listening sockets of the old one, and then resets connections that those still took.
 */
export const untilOneListener = (ports: number[]) =>
  until('the old sockets are closed', () => ports.every((port) => countListeners(port) === 1), 30_000)

/** Resident memory of a process in MB (Linux). */
export function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}
