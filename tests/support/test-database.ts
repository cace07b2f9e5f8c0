/** An empty PostgreSQL database for one test, and its end. */

import { postgresUrl } from '@matrixos/host/parts'
import postgres from 'postgres'

/** `name` becomes part of SQL: plain lower-case letters, digits and underscores only. */
export async function createTestDatabase(name: string): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`Not a plain name: ${name}`)
  const base = await postgresUrl()
  if (!base) throw new Error('PostgreSQL is missing: npm run setup:real installs it.')
  const run = async (statement: string) => {
    const sql = postgres(base, { max: 1, onnotice: () => undefined })
    await sql.unsafe(statement)
    await sql.end()
  }
  await run(`create database ${name}`)
  const url = new URL(base)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) }
}
