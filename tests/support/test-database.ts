/** A PostgreSQL database for one test, and its end. */

import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresUrl } from '@matrixos/host/parts'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { MIGRATIONS_FOLDER } from '../../apps/api/src/db/database.ts'

/** Of whoever makes the one that is copied: the others wait. */
const TEMPLATE_LOCK = 7_305_113_299
const MIGRATES_MS = 120_000

/** `insufficient_privilege`, of the PostgreSQL manual's appendix A. */
const isOfSuperuser = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code === '42501'

export interface TestDatabase {
  url: string
  drop: () => Promise<void>
}

/** Migrated, as a copy of one that is kept: to migrate an empty one takes 2 s. `name`: as `createEmptyDatabase` wants it. */
export async function createTestDatabase(name: string): Promise<TestDatabase> {
  const base = await baseUrl()
  return await createDatabase(base, name, await keptTemplate(base))
}

/** `name` becomes part of SQL: plain lower-case letters, digits and underscores only. */
export const createEmptyDatabase = async (name: string): Promise<TestDatabase> =>
  await createDatabase(await baseUrl(), name)

async function baseUrl(): Promise<string> {
  const base = await postgresUrl()
  if (!base) throw new Error('PostgreSQL is missing: npm run setup:real installs it.')
  return base
}

const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })

function urlOf(base: string, name: string): string {
  const url = new URL(base)
  url.pathname = `/${name}`
  return url.href
}

async function createDatabase(base: string, name: string, template?: string): Promise<TestDatabase> {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`Not a plain name: ${name}`)
  const run = async (statement: string) => {
    const sql = connect(base)
    await sql.unsafe(statement).finally(() => sql.end())
  }
  await run(`create database ${name}${template ? ` template ${template}` : ''}`)
  const drop = () => run(`drop database if exists ${name} with (force)`)
  // PostgreSQL tidies up in it now and then, as its superuser, whose work nobody else may end: it is over in a moment.
  const dropSoon = () =>
    until('the database is dropped', () =>
      drop().then(
        () => true,
        (error: unknown) => {
          if (!isOfSuperuser(error)) throw error
          return false
        },
      ),
    )
  return { url: urlOf(base, name), drop: async () => void (await dropSoon()) }
}

/** The name of a migrated database that nobody changes; another migration makes another one. */
async function keptTemplate(base: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of globSync('**/*.{sql,json}', { cwd: MIGRATIONS_FOLDER }).sort())
    hash.update(readFileSync(join(MIGRATIONS_FOLDER, file)))
  const name = `matrixos_template_${hash.digest('hex').slice(0, 16)}`
  const sql = connect(base)
  try {
    await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`
    const [whole] = await sql`select from pg_database where datname = ${name} and datistemplate`
    if (whole) return name
    // Of somebody who was killed half-way.
    await sql.unsafe(`drop database if exists ${name} with (force)`)
    await sql.unsafe(`create database ${name}`)
    await migrate(urlOf(base, name))
    await sql.unsafe(`alter database ${name} is_template true`)
    return name
  } finally {
    // And with it the lock.
    await sql.end()
  }
}

async function migrate(url: string): Promise<void> {
  const { openPostgres } = await import('../../apps/api/src/drivers/database/postgres/index.ts')
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: MIGRATES_MS })
  await database.migrate().finally(() => database.close())
}
