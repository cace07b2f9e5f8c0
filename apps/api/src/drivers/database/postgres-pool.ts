/**
 * A pool of connections that is replaced when the server falls silent. PostgreSQL itself ends a statement that takes
 * too long (`statement_timeout`), so a query that has no answer a while later has a dead link or a stopped server at
 * the other end, and its connection would hang until the kernel gives up, which takes many minutes.
 */
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

/** Seconds between attempts to connect again; the driver's own pauses grow to 20 s, and queries wait for them. */
const RECONNECT_S = 0.25
const CONNECT_TIMEOUT_S = 5
/** How much longer than a statement may take its answer is waited for. */
const SILENCE_MARGIN_MS = 2_000
const READ_MS = 100

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
    },
  })
  // It tells the client how to pass dates and JSON on: each new client must know.
  drizzle(client)
  return client
}

/**
 * Queries that a replaced pool still had under way reject with `CONNECTION_DESTROYED`. `silenceMs`: how long an
 * answer may take; must be more than a statement may.
 */
export function createPool(
  options: PoolOptions,
  silenceMs = options.statementTimeoutMs + SILENCE_MARGIN_MS,
): Pool {
  let current = connectionsTo(options)
  const first = current

  function replace(silent: postgres.Sql): void {
    if (silent === current) current = connectionsTo(options)
    void silent.end({ timeout: 0 })
  }

  /** `start` starts the wait for an answer, or starts it again. `onSilent` is called when none came. */
  function watch(client: postgres.Sql, onSilent: (error: Error) => void = () => undefined) {
    let timer: NodeJS.Timeout | undefined
    const stop = () => clearTimeout(timer)
    const silent = () => {
      replace(client)
      onSilent(Object.assign(new Error('The database does not answer.'), { code: 'ETIMEDOUT' }))
    }
    const start = () => {
      stop()
      // After a pause of this very process the answer may have come, and not been read yet.
      timer = setTimeout(() => {
        timer = setTimeout(silent, READ_MS).unref()
      }, silenceMs).unref()
    }
    start()
    return { start, stop }
  }

  const unsafe: postgres.Sql['unsafe'] = (...args) => {
    const query = current.unsafe(...args)
    const { stop } = watch(current)
    void query.then(stop, stop)
    return query as never
  }

  /** The driver ends a transaction only with its connection, which a silent server never closes. */
  async function begin<T>(work: (tx: postgres.TransactionSql) => T | Promise<T>) {
    const given = Promise.withResolvers<never>()
    const silence = watch(current, given.reject)
    try {
      const done = current.begin((tx) => work(watchStatements(tx, silence.start)))
      return await Promise.race([done, given.promise])
    } finally {
      silence.stop()
    }
  }

  return {
    client: new Proxy(first, {
      get: (_first, key) =>
        key === 'unsafe' ? unsafe : key === 'begin' ? begin : Reflect.get(current, key, current),
    }),
    close: () => current.end({ timeout: 5 }),
  }
}

/** A transaction is silent when its statement of the moment is. */
function watchStatements(tx: postgres.TransactionSql, answered: () => void): postgres.TransactionSql {
  const unsafe: postgres.TransactionSql['unsafe'] = (...args) => {
    const query = tx.unsafe(...args)
    void query.then(answered, answered)
    return query as never
  }
  return new Proxy(tx, {
    get: (target, key) => (key === 'unsafe' ? unsafe : Reflect.get(target, key, target)),
  })
}
