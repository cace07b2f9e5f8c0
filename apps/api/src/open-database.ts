/** Which database there is. Apart from the other drivers: the AI proxy has this one alone, and would hold megabytes of theirs. */
import { join } from 'node:path'
import type { Database } from './db/database.ts'
import { openPostgres } from './drivers/database/postgres/index.ts'
import { type Env, toMs } from './env.ts'

const POOL_SIZE = 10

type DatabaseSettings = Pick<Env, 'DATABASE_URL' | 'DATABASE_TIMEOUT_S' | 'DATA_DIR'>

export const openDatabase = async (env: DatabaseSettings): Promise<Database> =>
  env.DATABASE_URL
    ? openPostgres({
        url: env.DATABASE_URL,
        maxConnections: POOL_SIZE,
        statementTimeoutMs: toMs(env.DATABASE_TIMEOUT_S),
      })
    : await openEmbedded(join(env.DATA_DIR, 'database'))

/** Loaded where it is the database: elsewhere it would take 4 MB in each program that opens one. */
async function openEmbedded(folder: string): Promise<Database> {
  const { openPglite } = await import('./drivers/database/pglite/index.ts')
  return openPglite({ folder })
}
