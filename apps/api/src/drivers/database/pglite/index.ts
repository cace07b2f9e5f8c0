/** PostgreSQL embedded in this process, its files in the data folder. One process at a time. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { type Database, MIGRATIONS_FOLDER } from '../../../db/database.ts'
import * as schema from '../../../db/schema/index.ts'

/** Throws when another process uses the folder: two at once would lose data without a word. */
export async function openPglite(options: { folder: string }): Promise<Database> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(options.folder)
  const client = await PGlite.create(join(options.folder, 'pglite')).catch((error: unknown) => {
    unlock()
    throw error
  })
  forbidNestedQueries(client)
  const db = drizzle(client, { schema })
  return {
    name: 'pglite',
    db,
    exclusive: true,
    door: {
      embedded: {
        query: (text, params) => client.query(text, params),
        exec: (text) => client.exec(text),
      },
    },
    batch: (statements) =>
      client.transaction(async (tx) => {
        const results: unknown[][] = []
        for (const { text, params } of statements) results.push((await tx.query(text, [...params])).rows)
        return results
      }),
    migrate: () => migrate(db, { migrationsFolder: MIGRATIONS_FOLDER }),
    listen: async (channel, { onMessage, onConnected }) => {
      const unlisten = await client.listen(channel, onMessage)
      onConnected()
      return () => unlisten()
    },
    notify: async (channel, payload) => {
      await db.execute(sql`select pg_notify(${channel}, ${payload})`)
    },
    close: async () => {
      await client.close()
      unlock()
    },
  }
}

/** SQLite's exclusive lock is the kernel's: it ends with the process, however that ends. */
function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new Error(
      `The database in ${folder} is in use by another process. Stop that one, choose another DATA_DIR, or set DATABASE_URL to use PostgreSQL.`,
      { cause },
    )
  }
  return () => lock.close()
}

/** A query on the client inside its own transaction would wait for itself for ever; say so instead. */
function forbidNestedQueries(client: PGlite): void {
  const inTransaction = new AsyncLocalStorage<boolean>()
  const query = client.query.bind(client)
  const transaction = client.transaction.bind(client)
  const check = () => {
    if (inTransaction.getStore()) throw new Error('A query inside a transaction must use its tx.')
  }
  client.query = (...args) => {
    check()
    return query(...args)
  }
  client.transaction = (callback) => {
    check()
    return transaction((tx) => inTransaction.run(true, () => callback(tx)))
  }
}
