/** An empty PostgreSQL database for one test, and its end. */

import { postgresUrl } from '@matrixos/host/parts'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'

/** `insufficient_privilege`, of the PostgreSQL manual's appendix A. */
const isOfSuperuser = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code === '42501'

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
  return { url: url.href, drop: async () => void (await dropSoon()) }
}
