/** Starts the api: listens at once, answers 503 until the database is there, and stops cleanly when told to. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { answerPings } from '@matrixos/host/answer-pings'
import { systemClock } from './clock.ts'
import { type App, compose } from './compose.ts'
import type { Database } from './db/database.ts'
import {
  createExportFiles,
  createHomeStore,
  createHomeserver,
  createHostMemory,
  createMailer,
  createRuntime,
} from './drivers.ts'
import { type Env, readEnv } from './env.ts'
import { AppError } from './errors.ts'
import { errorAnswer } from './http/error-response.ts'
import { closeServer, listenOnSocket } from './http/listen.ts'
import { listenOnAddress } from './http/listen-tcp.ts'
import { createLog, type Log } from './log.ts'
import { openDatabase } from './open-database.ts'
import type { Runtime } from './ports/runtime.ts'
import { explainDatabaseError } from './startup-errors.ts'

const LONGEST_RETRY_MS = 10_000
const CLOSE_GRACE_MS = 2_000
/** Well before the supervisor takes a part that is not ready for hung. */
const ALIVE_AFTER_MS = 30_000

/** To the supervisor: it listens and is no hang, but does not serve yet. */
const WAITING = { type: 'ready', waitsFor: 'the database' }

const NOT_READY = errorAnswer(
  new AppError('database_unavailable', 'The platform is starting, or cannot reach its database.', {
    retryAfterS: 2,
  }),
)
const HOST_SHELL =
  'ALLOW_HOST_SHELL=1: everyone who has a computer here can run programs as the platform’s own user, and read and change whatever it can, other people’s homes and the platform’s secrets included'

const OPEN_NETWORK =
  'no firewall for computers: they can reach this machine’s ports, private networks and mail servers (see INSTANCE_FIREWALL in deploy/README.md)'

const notReady: RequestListener = (_request, response) => {
  response.writeHead(NOT_READY.status, NOT_READY.headers).end(NOT_READY.body)
}

/** Opens and migrates, again and again, with growing pauses, until it works or `signal` aborts. */
async function connect(env: Env, log: Log, signal: AbortSignal): Promise<Database | null> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    let database: Database | undefined
    try {
      database = await openDatabase(env)
      await database.migrate()
      return database
    } catch (error) {
      await database?.close().catch(() => undefined)
      log.error(explainDatabaseError(error, env.DATABASE_URL))
      process.send?.(WAITING)
      const wait = Math.min(LONGEST_RETRY_MS, 500 * 2 ** attempt)
      await delay(wait, undefined, { signal }).catch(() => undefined)
    }
  }
  return null
}

/** What is not guarded is said, also where somebody chose so. */
function warnOfOpenNetwork(runtime: Runtime, log: Log): void {
  const { by, why } = runtime.firewall()
  if (runtime.name !== 'docker' || by !== 'nobody') return
  log.warn({ why }, OPEN_NETWORK)
}

/** Where the homeserver hands over. Other api processes may listen there, too: any of them takes it in. */
function listenToHomeserver(app: App, env: Env, log: Log, signal: AbortSignal): Server[] {
  if (!app.homeserverListener) return []
  const server = createServer(app.homeserverListener)
  const at = env.HOMESERVER_LISTEN.lastIndexOf(':')
  const place = {
    host: env.HOMESERVER_LISTEN.slice(0, at).replace(/^\[|\]$/g, ''),
    port: Number(env.HOMESERVER_LISTEN.slice(at + 1)),
  }
  const onAbsent = () => log.warn(place, 'no address yet for what the homeserver hands over')
  const listening = listenOnAddress(server, { ...place, isShared: true, onAbsent, signal })
  listening.catch((error: unknown) => log.error({ err: error }, 'the homeserver cannot hand anything over'))
  return [server]
}

async function main(env: Env, log: Log): Promise<void> {
  answerPings()
  const homes = createHomeStore(env)
  await homes.check()
  const over = new AbortController()
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, () => over.abort())

  let app: App | undefined
  const servers = await Promise.all([
    listenOnSocket(join(env.RUN_DIR, 'api.sock'), (...args) => (app?.publicListener ?? notReady)(...args)),
    listenOnSocket(join(env.RUN_DIR, 'gate.sock'), (...args) => (app?.gateListener ?? notReady)(...args)),
    listenOnSocket(join(env.RUN_DIR, 'service.sock'), (...args) =>
      (app?.serviceListener ?? notReady)(...args),
    ),
  ])
  // A long migration, or another api's, is no hang: who can say so is alive, and answers 503 meanwhile.
  const alive = setTimeout(() => process.send?.(WAITING), ALIVE_AFTER_MS)
  const database = await connect(env, log, over.signal)
  clearTimeout(alive)
  const runtime = createRuntime(env, homes)
  if (database && !over.signal.aborted) {
    // Not waited for: an engine that hangs must not keep people from their accounts.
    runtime
      .check(env.INSTANCE_IMAGE)
      .catch((error: unknown) => log.error({ err: error }, 'instances cannot run yet'))
      .then(() => warnOfOpenNetwork(runtime, log))
    const memory = createHostMemory(env)
    app = await compose({
      env,
      database,
      runtime,
      homes,
      exportFiles: createExportFiles(env),
      memory,
      mailer: createMailer(env),
      homeserver: createHomeserver(env),
      clock: systemClock,
      log,
    })
    servers.push(...listenToHomeserver(app, env, log, over.signal))
    // One person alone has nobody else's computer beside theirs.
    const isHostShell = env.RUNTIME === 'process' && env.ALLOW_HOST_SHELL === '1'
    if (isHostShell && !env.SINGLE) log.warn(HOST_SHELL)
    const isolation = runtime.isolationOf({ image: env.INSTANCE_IMAGE })
    log.info({ runtime: runtime.name, isolation, database: database.name }, 'api ready')
    process.send?.({ type: 'ready' })
    if (!over.signal.aborted) await new Promise((resolve) => over.signal.addEventListener('abort', resolve))
  }
  log.info('api stopping')
  await Promise.all(servers.map((server) => closeServer(server, CLOSE_GRACE_MS)))
  await app?.close()
  await database?.close()
}

try {
  const env = readEnv()
  const log = createLog({ level: env.LOG_LEVEL, part: 'api' })
  await main(env, log)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
