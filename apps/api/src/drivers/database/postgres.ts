/** PostgreSQL through `postgres`: a pool that reconnects by itself. */
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { type Database, MIGRATIONS_FOLDER } from '../../db/database.ts'
import * as schema from '../../db/schema.ts'

/** Seconds between attempts to connect again; the driver's own pauses grow to 20 s, and queries wait for them. */
const RECONNECT_S = 0.25

/** Any number that other software on the same database is unlikely to lock. */
const MIGRATION_LOCK = 7_305_113_260

/** Connects lazily. Rejects with the driver's error (code and host, never the password) when a query cannot run. */
export function openPostgres(options: { url: string; maxConnections: number }): Database {
  const settings = { connect_timeout: 5, backoff: () => RECONNECT_S, onnotice: () => undefined }
  const client = postgres(options.url, { ...settings, max: options.maxConnections })
  const db = drizzle(client, { schema })
  return {
    name: 'postgres',
    db,
    exclusive: false,
    migrate: () => migrateAlone(options.url, settings),
    listen: async (channel, { onMessage, onConnected }) => {
      const subscription = await client.listen(channel, onMessage, onConnected)
      return () => subscription.unlisten()
    },
    notify: async (channel, payload) => {
      await db.execute(sql`select pg_notify(${channel}, ${payload})`)
    },
    close: () => client.end({ timeout: 5 }),
  }
}

/** The lock belongs to one connection, so the migration runs on that one; a killed process frees it. */
async function migrateAlone(url: string, settings: postgres.Options<never>): Promise<void> {
  const client = postgres(url, { ...settings, max: 1 })
  try {
    const db = drizzle(client)
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`)
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER })
  } finally {
    await client.end({ timeout: 5 })
  }
}
