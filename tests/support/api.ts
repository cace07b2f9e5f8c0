/** The api alone, in this process: PGlite, the real process runtime, a clock that tests move, no edge. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CHECK_REQUEST_HEADERS, GATE_PATH, PLATFORM_PATH } from '@matrixos/shared'
import { createPlatformClient, type PlatformClient } from '@matrixos/testing/platform-client'
import { sql } from 'drizzle-orm'
import { type Clock, systemClock } from '../../apps/api/src/clock.ts'
import { compose } from '../../apps/api/src/compose.ts'
import type { Database } from '../../apps/api/src/db/database.ts'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import { prepareDatabase } from '../../apps/api/src/drivers/database/testing/prepared.ts'
import {
  createExportFiles,
  createHomeStore,
  createHomeserver,
  createHostMemory,
  createMailer,
  createRuntime,
} from '../../apps/api/src/drivers.ts'
import { type Env, readEnv } from '../../apps/api/src/env.ts'
import { createLog } from '../../apps/api/src/log.ts'
import { openDatabase } from '../../apps/api/src/open-database.ts'
import type { HomeStore } from '../../apps/api/src/ports/home-store.ts'
import type { Homeserver } from '../../apps/api/src/ports/homeserver.ts'
import type { Mailer } from '../../apps/api/src/ports/mailer.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { openFakeRuntime } from './fake-runtime.ts'

interface Asked {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

export interface TestApi {
  env: Env
  database: Database
  /** What another api process beside this one shares with it. */
  shared: { runtime: Runtime; homes: HomeStore }
  /** Adds milliseconds to the api's clock. */
  advance: (ms: number) => void
  /** Lets that many milliseconds pass in which nobody does anything: for the api, and for what the database noted. */
  leave: (ms: number) => Promise<void>
  client: () => PlatformClient
  /** Asks the gate as the edge does. `host` without a port. */
  ask: (host: string, headers?: Record<string, string>) => Promise<Asked>
  /** Reports what is in flight at each address, as the edge does. */
  report: (counts: Record<string, number>) => Promise<void>
  /** The status of Caddy's question whether it may get a certificate for a host. */
  askCertificate: (domain: string) => Promise<number>
  /** Listens on a socket as `RUN_DIR/service.sock`, for what the platform's own parts call; the answer ends that. */
  listenAsService: (socketPath: string) => Promise<() => Promise<void>>
  [Symbol.asyncDispose]: () => Promise<void>
}

export interface TestApiOptions {
  env?: Record<string, string>
  /**
   * Computers that are none, on a runtime that only counts them: for tests of accounts, whose people's programs would
   * take most of the time that such a test takes. Not with `runtime`.
   */
  pretended?: boolean
  /** Changes what the runtime does: how faults are made. */
  runtime?: (real: Runtime) => Runtime
  /** The same for the store of homes. */
  homes?: (real: HomeStore) => HomeStore
  /** Another api process on the database and the runtime of this one, which must outlive it. */
  beside?: TestApi
  /** Bytes of memory that the host has left. Default: this machine's. */
  availableBytes?: () => number
  /** Default: by the environment, so none. */
  mailer?: Mailer
  homeserver?: Homeserver
}

export async function startApi({
  env: extra = {},
  pretended = false,
  runtime: wrap = (real) => real,
  homes: wrapHomes = (real) => real,
  beside,
  availableBytes,
  mailer,
  homeserver,
}: TestApiOptions = {}): Promise<TestApi> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mos-api-'))
  let app: Awaited<ReturnType<typeof compose>> | undefined
  const server = createServer((req, res) => {
    const isPlatforms = /^(app|api)\./.test(req.headers.host ?? '')
    const listener = isPlatforms ? app?.publicListener : app?.gateListener
    listener?.(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const publicUrl = `http://localhost:${port}`
  const fixed = {
    PUBLIC_URL: publicUrl,
    DATA_DIR: dataDir,
    PLATFORM_SECRET: 'p'.repeat(43),
    EDGE_TOKEN: 'e'.repeat(43),
    DELETION_GRACE_DAYS: '0',
  }
  const env = readEnv({ ...fixed, ...extra })
  let offset = 0
  const clock: Clock = {
    ...systemClock,
    now: () => Date.now() + offset,
    monotonic: () => performance.now() + offset,
  }
  const folder = join(env.DATA_DIR, 'database')
  // One that an api before this one has left is used as it is.
  if (!beside && !env.DATABASE_URL && !existsSync(folder)) await prepareDatabase(folder)
  const database = beside ? { ...beside.database, exclusive: false } : await openDatabase(env)
  if (!beside) await database.migrate()
  const homes = beside?.shared.homes ?? wrapHomes(createHomeStore(env))
  const fake = pretended ? await openFakeRuntime() : null
  const runtime = beside
    ? { ...beside.shared.runtime, close: async () => undefined }
    : fake
      ? fake.runtime
      : wrap(createRuntime(env, homes))
  app = await compose({
    env,
    database,
    runtime,
    homes,
    exportFiles: createExportFiles(env),
    memory: availableBytes
      ? { unknownBecause: null, availableBytes: async () => availableBytes() }
      : createHostMemory(env),
    mailer: mailer ?? createMailer(env),
    homeserver: homeserver ?? createHomeserver(env),
    clock,
    log: createLog({ level: process.env.TEST_LOG ?? 'silent', part: 'test' }),
  })
  const clients: PlatformClient[] = []

  return {
    env,
    database,
    shared: { runtime, homes },
    advance: (ms) => {
      offset += ms
    },
    leave: async (ms) => {
      // The database's own clock cannot be moved.
      const lastUsedAt = sql`${instances.lastUsedAt} - ${`${ms} milliseconds`}::interval`
      await database.db.update(instances).set({ lastUsedAt })
      offset += ms
    },
    client: () => {
      const client = createPlatformClient({ publicUrl })
      clients.push(client)
      return client
    },
    ask: (host, headers = {}) => ask(port, `${host}:${port}`, headers),
    report: (counts) => report(app?.serviceListener, env.EDGE_TOKEN, counts),
    askCertificate: async (domain) =>
      (await callService(app?.serviceListener, `/ask?${new URLSearchParams({ domain })}`)).status,
    listenAsService: async (socketPath) => {
      const service = createServer(app?.serviceListener)
      await new Promise<void>((resolve) => service.listen(socketPath, resolve))
      return () => close(service)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()))
      await close(server)
      await app?.close()
      await runtime.close()
      await fake?.[Symbol.asyncDispose]()
      if (!beside) await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function ask(port: number, host: string, more: Record<string, string>) {
  const headers = { host, [CHECK_REQUEST_HEADERS.upgrade]: '', ...more }
  return new Promise<Asked>((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: GATE_PATH, headers }, async (response) => {
      const body = await text(response)
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** A call to the listener that only the platform's parts reach. */
async function callService(listener: RequestListener | undefined, path: string, init?: RequestInit) {
  const service = createServer(listener)
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = service.address() as AddressInfo
    return await fetch(`http://127.0.0.1:${port}${path}`, init)
  } finally {
    await close(service)
  }
}

/** As the edge reports. */
async function report(listener: RequestListener | undefined, token: string, counts: Record<string, number>) {
  const response = await callService(listener, '/trpc/gate.reportInFlight', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ counts }),
  })
  if (!response.ok) throw new Error(`The report was answered with ${response.status}.`)
}

/** Headers of the edge's question for a fetch of `uri` by a page of that host. */
export const sameOrigin = (uri = '/', cookie = ''): Record<string, string> => ({
  [CHECK_REQUEST_HEADERS.uri]: uri,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  ...(cookie ? { cookie } : {}),
})

/** Headers of the edge's question for a person opening `uri`. */
export const visit = (uri = '/', cookie = ''): Record<string, string> => ({
  [CHECK_REQUEST_HEADERS.uri]: uri,
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  ...(cookie ? { cookie } : {}),
})

export const callbackPath = `${PLATFORM_PATH}cb`

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
