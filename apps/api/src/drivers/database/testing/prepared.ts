/** Migrated databases for tests: one is made and kept, the others are copies of it. An empty one takes seconds to make. */
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { ROOT } from '@matrixos/host/root'
import { type Database, MIGRATIONS_FOLDER } from '../../../db/database.ts'
import { openPglite } from '../pglite/index.ts'

/** Ignored by git, and made anew with the dependencies. */
const KEPT = join(ROOT, 'node_modules/.cache/matrixos')

/** Its files are copied each time, so no more than needed: a short log, and no databases that nobody connects to. */
const INITDB = ['--wal-segsize=1']
const UNUSED = ['template0', 'template1']

/** What it is made of: another migration or version makes another one. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const version = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const files = globSync('**/*.{sql,json}', { cwd: MIGRATIONS_FOLDER }).sort()
  for (const file of [version, import.meta.filename, ...files.map((name) => join(MIGRATIONS_FOLDER, name))])
    hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

async function make(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create(join(folder, 'pglite'), { initDbStartParams: INITDB })
  for (const name of UNUSED) {
    await client.query('update pg_database set datistemplate = false where datname = $1', [name])
    await client.query(`drop database ${name}`)
  }
  await client.close()
  const database = await openPglite({ folder })
  await database.migrate()
  await database.close()
}

async function kept(): Promise<string> {
  const folder = join(KEPT, `database-${fingerprint()}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${randomUUID()}`
  await make(unfinished)
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    // Another process was first.
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Puts a migrated database into a folder of DATA_DIR that has none. */
export async function prepareDatabase(folder: string): Promise<void> {
  const from = await kept()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  cpSync(from, folder, { recursive: true })
}

/** `openPglite`, migrated. */
export async function openPrepared(folder: string): Promise<Database> {
  await prepareDatabase(folder)
  return openPglite({ folder })
}
