/** Starts the AI proxy: waits for its books and its address, and lets streams end when it is told to stop. */
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { answerPings } from '@matrixos/host/answer-pings'
import type { UserId } from '@matrixos/shared'
import { systemClock } from './clock.ts'
import { type ComposeProxyOptions, composeProxy } from './compose-proxy.ts'
import { createNotifications, type Notifications } from './db/notifications.ts'
import { type ProxyEnv, readProxyEnv } from './env.ts'
import { listenOnAddress } from './http/listen-tcp.ts'
import { createLog, type Log } from './log.ts'
import { openDatabase } from './open-database.ts'
import type { Ledger } from './ports/ledger.ts'
import { createRefusalNotes } from './quota/keys/refusal-notes.ts'
import { createKeySeal } from './quota/keys/seal.ts'
import { withHints } from './quota/ledger/hints.ts'
import { createRemoteLedger } from './quota/ledger/remote.ts'
import { createLedger } from './quota/ledger/store.ts'
import { CONNECTIONS_OF_ONE, limitConnections } from './quota/proxy/connections.ts'
import { createPlatformCalls } from './quota/proxy/platform-calls.ts'
import { explainDatabaseError } from './startup-errors.ts'

const LONGEST_RETRY_MS = 5_000
const HEADER_BYTES = 65_536
const HEADERS_MS = 15_000
const IDLE_CONNECTION_MS = 75_000
/** Together below what the supervisor gives a part to stop. */
const STREAMS_GRACE_MS = 9_000
const BOOKS_GRACE_MS = 3_000
const POLL_MS = 50

type Proxy = Awaited<ReturnType<typeof composeProxy>>
type Told = Required<Pick<ComposeProxyOptions, 'onOwnKeyRefused' | 'tellPlatform'>>

const waitsFor = (what: string) => process.send?.({ type: 'ready', waitsFor: what })

const serviceOf = (env: ProxyEnv) => ({
  serviceSocket: join(env.RUN_DIR, 'service.sock'),
  token: env.EDGE_TOKEN,
})

interface Books {
  ledger: Ledger
  notifications: Notifications | null
  close: () => Promise<void>
}

/** PostgreSQL is everyone's; an embedded database belongs to the api's process, which is asked for what it keeps. */
async function openBooks(env: ProxyEnv, log: Log): Promise<Books> {
  if (env.DATABASE_URL === undefined) {
    const ledger = createRemoteLedger(serviceOf(env))
    return { ledger, notifications: null, close: ledger.close }
  }
  const database = await openDatabase(env)
  const notifications = createNotifications({ database, processId: `ai-${process.pid}`, log })
  const changed = (userId: UserId) => notifications.publish('credits', { userId })
  return { ledger: withHints(createLedger(database), { changed }), notifications, close: database.close }
}

/** Again and again, until the api has migrated the database and prices can be read. */
async function prepare(env: ProxyEnv, log: Log, signal: AbortSignal, told: Told) {
  for (let attempt = 1; !signal.aborted; attempt++) {
    let books: Books | undefined
    try {
      books = await openBooks(env, log)
      const proxy = await composeProxy({
        ...books,
        ...{ ...told, env, log, clock: systemClock },
        openKey: createKeySeal({ platformSecret: env.PLATFORM_SECRET }).open,
      })
      return { books, proxy }
    } catch (error) {
      await books?.close().catch(() => undefined)
      log.info({ reason: explainDatabaseError(error, env.DATABASE_URL) }, 'the books cannot be read yet')
      waitsFor('the books of AI credits')
      const wait = Math.min(LONGEST_RETRY_MS, 250 * 2 ** attempt)
      await delay(wait, undefined, { signal }).catch(() => undefined)
    }
  }
  return null
}

function addressOf({ AI_PROXY_LISTEN: listen }: ProxyEnv) {
  const at = listen.lastIndexOf(':')
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) }
}

/** Streams have a moment to end by themselves; what is left is settled as it stands. */
async function stop(server: Server, proxy: Proxy): Promise<void> {
  proxy.stop()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const until = performance.now() + STREAMS_GRACE_MS
  while (proxy.callsInFlight() > 0 && performance.now() < until) await delay(POLL_MS)
  await proxy.close(BOOKS_GRACE_MS)
  server.closeAllConnections()
  await closed
}

async function main(env: ProxyEnv, log: Log): Promise<void> {
  answerPings()
  const over = new AbortController()
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, () => over.abort())
  const notes = createRefusalNotes({ ...serviceOf(env), monotonic: systemClock.monotonic })
  const platform = createPlatformCalls(serviceOf(env))
  const told = { onOwnKeyRefused: notes.write, tellPlatform: platform.send }
  const prepared = await prepare(env, log, over.signal, told)
  if (!prepared) return
  const { books, proxy } = prepared
  // Bodies have a deadline of their own, and answers none.
  const limits = { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: 0 }
  const server = createServer({ ...limits, keepAliveTimeout: IDLE_CONNECTION_MS }, proxy.listener)
  // Elsewhere all instances have one address together.
  if (env.RUNTIME === 'docker') limitConnections(server, CONNECTIONS_OF_ONE)
  const listens = await listenOnAddress(server, {
    ...addressOf(env),
    // Replicas share a database; without one, whoever else is there is a stranger.
    isShared: env.DATABASE_URL !== undefined,
    onAbsent: () => waitsFor("the instances' network"),
    signal: over.signal,
  })
  if (listens) {
    log.info({ listen: env.AI_PROXY_LISTEN }, 'AI proxy ready')
    process.send?.({ type: 'ready' })
    if (!over.signal.aborted) await new Promise((resolve) => over.signal.addEventListener('abort', resolve))
  }
  log.info('AI proxy stopping')
  await stop(server, proxy)
  await Promise.all([books.close(), notes.close(), platform.close()])
}

try {
  const env = readProxyEnv()
  await main(env, createLog({ level: env.LOG_LEVEL, part: 'ai' }))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
