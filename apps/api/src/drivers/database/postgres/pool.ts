/**
 * A pool of connections that is replaced when the server falls silent. PostgreSQL itself ends a statement that takes
 * too long (`statement_timeout`), so a query that has no answer a while later has a dead link or a stopped server at
 * the other end, and its connection would hang until the kernel gives up, which takes many minutes.
 */
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { isEndOfServer, isLost } from './lost.ts'

/** Seconds between attempts to connect again; the driver's own pauses grow to 20 s, and queries wait for them. */
const RECONNECT_S = 0.25
const CONNECT_TIMEOUT_S = 5
/** How much longer than a statement may take its answer is waited for. */
const SILENCE_MARGIN_MS = 2_000
const READ_MS = 100
/** How many silences long a query waits for its turn while the server answers others. */
const PATIENCE = 3

export interface PoolOptions {
  url: string
  maxConnections: number
  /** After this the server cancels a statement; the same again ends a transaction whose client says nothing. */
  statementTimeoutMs: number
}

export interface Pool {
  /** For drizzle: always the connections in use now. */
  client: postgres.Sql
  close: () => Promise<void>
}

/** Connects lazily. */
export function connectionsTo({ url, maxConnections, statementTimeoutMs }: PoolOptions): postgres.Sql {
  const client = postgres(url, {
    max: maxConnections,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: () => RECONNECT_S,
    onnotice: () => undefined,
    connection: {
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
      // Statements here end after some rows, which the planner's costs do not foresee: compiling them takes a second.
      jit: 'off',
    },
  })
  // It tells the client how to pass dates and JSON on: each new client must know.
  drizzle(client)
  return client
}

interface Connections {
  client: postgres.Sql
  /** When the server last answered anything on any of them, on the monotonic clock, in ms. */
  heardAt: number
  /** One of them was lost. */
  isBroken: boolean
  /** Queries and transactions. */
  underWay: number
}

/**
 * Queries that a replaced pool still had under way reject with `CONNECTION_DESTROYED`. `silenceMs`: how long the
 * server may answer nothing at all; must be more than a statement may take. While it answers others, a query waits for
 * its turn three times as long, and is then given up alone; one that was sent waits twice as long as that.
 */
export function createPool(
  options: PoolOptions,
  silenceMs = options.statementTimeoutMs + SILENCE_MARGIN_MS,
): Pool {
  const open = (): Connections => ({
    ...{ client: connectionsTo(options), heardAt: performance.now() },
    ...{ isBroken: false, underWay: 0 },
  })
  let current = open()
  const first = current.client

  function replace(silent: Connections): void {
    if (silent === current) current = open()
    void silent.client.end({ timeout: 0 })
  }

  /**
   * For a query or a transaction. After a loss they are fresh ones: the driver keeps what a lost connection had under way, takes a refusal
   * of the server that starts again for that one's, and tells it to whoever is first when it is there, however late.
   */
  function take(): { connections: Connections; leave: () => void } {
    const before = current
    if (before.isBroken) current = open()
    endUnused(before)
    const connections = current
    connections.underWay++
    const leave = () => {
      connections.underWay--
      endUnused(connections)
    }
    return { connections, leave }
  }

  /** What others still wait for on them comes to its end first. */
  function endUnused(connections: Connections): void {
    if (connections !== current && connections.underWay === 0) void connections.client.end({ timeout: 5 })
  }

  /** `answered` starts the wait for an answer again. */
  function watch(connections: Connections, giveUp: (error: Error) => void) {
    let timer: NodeJS.Timeout | undefined
    let since = performance.now()
    const stop = () => clearTimeout(timer)
    const wait = (ms: number) => {
      stop()
      // After a pause of this very process the answer may have come, and not been read yet.
      timer = setTimeout(() => {
        timer = setTimeout(look, READ_MS).unref()
      }, ms).unref()
    }
    function look(): void {
      const now = performance.now()
      // Before this query was sent, the server owed no answer.
      const quietMs = now - Math.max(since, connections.heardAt)
      const error = Object.assign(new Error('The database does not answer.'), { code: 'ETIMEDOUT' })
      if (quietMs >= silenceMs || now - since >= 2 * PATIENCE * silenceMs) {
        replace(connections)
        giveUp(error)
        return
      }
      if (now - since >= PATIENCE * silenceMs) giveUp(error)
      wait(silenceMs - quietMs)
    }
    wait(silenceMs)
    const answered = () => {
      since = performance.now()
      wait(silenceMs)
    }
    return { answered, stop }
  }

  const unsafe: postgres.Sql['unsafe'] = (...args) => {
    const { connections, leave } = take()
    const query = connections.client.unsafe(...args)
    // To cancel what was sent, the driver makes one more connection, and when that fails nobody can catch it. Whatever
    // still runs there, the server ends by itself; whatever does not end goes with its connection.
    const { stop } = watch(connections, () => wasSent(query) || query.cancel())
    hear(connections, query)
    const over = () => {
      stop()
      leave()
    }
    void query.then(over, over)
    return query as never
  }

  /**
   * The driver ends a transaction only with its connection, which a silent server never closes. After that it would
   * send the rest, also its own ROLLBACK or COMMIT, on whatever connection comes next, or break the process where none
   * has come: so it learns no outcome, and nothing more is sent.
   */
  async function begin<T>(work: (tx: postgres.TransactionSql) => T | Promise<T>) {
    const { connections, leave } = take()
    const given = Promise.withResolvers<never>()
    const abandoned = new AbortController()
    const lost = new AbortController()
    const lose = (error: unknown) => {
      lost.abort(error)
      given.reject(error)
    }
    const silence = watch(connections, (error) => {
      abandoned.abort(error)
      given.reject(error)
    })
    try {
      const done = connections.client.begin(async (tx) => {
        abandoned.signal.throwIfAborted()
        try {
          const watched = { connections, answered: silence.answered, lost: lost.signal, lose }
          const result = await work(watchStatements(tx, watched))
          // Whoever asked for it has been told that it failed.
          abandoned.signal.throwIfAborted()
          return result
        } finally {
          if (lost.signal.aborted) await new Promise<never>(() => undefined)
        }
      })
      done.catch((error: unknown) => {
        lose(error)
        noteLoss(connections, error)
      })
      return await Promise.race([done, given.promise])
    } finally {
      silence.stop()
      leave()
    }
  }

  return {
    client: new Proxy(first, {
      get: (_first, key) =>
        key === 'unsafe'
          ? unsafe
          : key === 'begin'
            ? begin
            : Reflect.get(current.client, key, current.client),
    }),
    close: () => current.client.end({ timeout: 5 }),
  }
}

/** By the driver's own field, which names the server's process. */
const wasSent = (query: object): boolean => 'state' in query && query.state !== null

/** Notes every answer, also a refusal, but no error that the driver makes by itself. */
function hear(connections: Connections, query: PromiseLike<unknown>): void {
  const note = () => {
    connections.heardAt = performance.now()
  }
  void query.then(note, (error: unknown) => {
    if (error instanceof postgres.PostgresError && error.severity) note()
    noteLoss(connections, error)
  })
}

function noteLoss(connections: Connections, error: unknown): void {
  if (isLost(error) || isEndOfServer(error)) connections.isBroken = true
}

interface Watched {
  connections: Connections
  answered: () => void
  /** Aborted once the transaction has no connection any more. */
  lost: AbortSignal
  lose: (error: unknown) => void
}

/** A transaction is silent when its statement of the moment is. */
function watchStatements(tx: postgres.TransactionSql, watched: Watched): postgres.TransactionSql {
  const { connections, answered, lost, lose } = watched
  const unsafe: postgres.TransactionSql['unsafe'] = (...args) => {
    lost.throwIfAborted()
    const query = tx.unsafe(...args)
    hear(connections, query)
    void query.then(answered, (error: unknown) => {
      // Told by the statement first, and by the driver some turns later.
      if (isLost(error)) lose(error)
      answered()
    })
    return query as never
  }
  return new Proxy(tx, {
    get: (target, key) => (key === 'unsafe' ? unsafe : Reflect.get(target, key, target)),
  })
}
