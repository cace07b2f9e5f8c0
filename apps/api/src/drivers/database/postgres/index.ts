/** PostgreSQL through `postgres`: connections that recover automatically, even when the server hangs. */
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { type Database, MIGRATIONS_FOLDER, type Statement } from '../../../db/database.ts'
import * as schema from '../../../db/schema/index.ts'
import { createNotifications } from './notifications.ts'
import { connectionsTo, createPool, type Pool, type PoolOptions } from './pool.ts'

/** Any number that other software on the same database is unlikely to lock. */
const MIGRATION_LOCK = 7_305_113_260
const MIGRATION_LOCK_POLL_MS = 250
/** A migration may rewrite a large table: one statement of it may take this long. */
const MIGRATION_STATEMENT_MS = 600_000

const HEARTBEAT_MS = 2_000

export interface PostgresOptions extends PoolOptions {
  /** How often the connection that listens is checked. */
  heartbeatMs?: number
}

/** Connects lazily. Rejects with the driver's error (code and host, never the password) when a query cannot run. */
export function openPostgres({ heartbeatMs = HEARTBEAT_MS, ...options }: PostgresOptions): Database {
  const pool = createPool(options)
  const db = drizzle(pool.client, { schema })
  const notifications = createNotifications({
    connect: () => connectionsTo({ ...options, maxConnections: 1 }),
    send: async (channel, payload) => {
      await db.execute(sql`select pg_notify(${channel}, ${payload})`)
    },
    heartbeatMs,
  })
  return {
    name: 'postgres',
    db,
    exclusive: false,
    door: { url: options.url },
    batch: (statements) => runBatch(pool.client, statements),
    migrate: async () => {
      // A server that hangs shows here, before anything that may take its time.
      await db.execute(sql`select 1`)
      await migrateAlone(options)
    },
    listen: async (channel, listener) => {
      const unlisten = notifications.listen(channel, listener)
      return async () => unlisten()
    },
    notify: notifications.notify,
    close: async () => {
      await notifications.close()
      await pool.close()
    },
  }
}

async function runBatch(client: Pool['client'], statements: readonly Statement[]): Promise<unknown[][]> {
  const run = (on: Pick<Pool['client'], 'unsafe'>, { text, params }: Statement) =>
    on.unsafe(text, [...params], { prepare: true })
  const [first, ...more] = statements
  if (!first) return []
  if (more.length === 0) return [await run(client, first)]
  return client.begin((tx) => Promise.all(statements.map((statement) => run(tx, statement))))
}

/** The lock belongs to one connection, so the migration runs on that one; a killed process frees it. */
async function migrateAlone({ url }: PoolOptions): Promise<void> {
  const pool = createPool({ url, maxConnections: 1, statementTimeoutMs: MIGRATION_STATEMENT_MS })
  try {
    const db = drizzle(pool.client)
    for (;;) {
      const [row] = await db.execute<{ taken: boolean }>(
        sql`select pg_try_advisory_lock(${MIGRATION_LOCK}) as taken`,
      )
      if (row?.taken) break
      await delay(MIGRATION_LOCK_POLL_MS)
    }
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER })
  } finally {
    await pool.close()
  }
}
