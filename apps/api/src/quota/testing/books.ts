/** Books in PGlite for tests: people, what they may spend, and calls that were made. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId, type UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { type aiCalls, creditAccounts, type creditHolds, handles, users } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'

export type CallRow = typeof aiCalls.$inferInsert

export interface Books extends AsyncDisposable {
  database: Database
  /** A person without an instance. */
  person: (handle: string) => Promise<UserId>
}

export async function openBooks(): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'mos-books-'))
  const database = await openPrepared(folder)
  return {
    database,
    person: (handle) => insertPerson(database, handle),
    async [Symbol.asyncDispose]() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function insertPerson({ db }: Pick<Database, 'db'>, handle: string): Promise<UserId> {
  const id = newId('usr', systemClock)
  const createdAt = new Date()
  await db.insert(handles).values({ handle })
  await db
    .insert(users)
    .values({ id, handle, displayName: handle, webauthnId: systemClock.random(64), createdAt })
  return id
}

/** A call of $0.001 on the platform's key, now. */
export const callOf = (userId: UserId, changes: Partial<CallRow> = {}): CallRow => ({
  ...{ id: newId('aic', systemClock), userId, instanceId: newId('ins', systemClock), at: new Date() },
  ...{ provider: 'anthropic', model: 'claude-haiku-4-5', payer: 'platform', status: 'settled' },
  ...{ inputTokens: 100, cacheWrite5mTokens: 20, cacheWrite1hTokens: 3, cacheReadTokens: 4 },
  ...{ outputTokens: 50, webSearches: 0, cost: 1_000_000n, durationMs: 1_200 },
  ...changes,
})

/** A call in flight, with $0.50 set aside. */
export const holdOf = (
  userId: UserId,
  changes: Partial<typeof creditHolds.$inferInsert> = {},
): typeof creditHolds.$inferInsert => ({
  ...{ id: newId('aic', systemClock), userId, instanceId: newId('ins', systemClock) },
  ...{ provider: 'anthropic', model: 'claude-haiku-4-5', payer: 'platform', state: 'dispatched' },
  ...{ amount: 500_000_000n, costSoFar: 0n, proxyId: 'p' },
  ...{ createdAt: new Date(), heartbeatAt: new Date() },
  ...changes,
})

/** What the database would do for this statement. */
export async function planOf(
  { db }: Pick<Database, 'db'>,
  statement: { toSQL: () => { sql: string; params: unknown[] } },
): Promise<string> {
  const { sql: text, params } = statement.toSQL()
  const parts = text.split(/\$\d+/)
  const chunks = parts.flatMap((part, at) =>
    at < params.length ? [sql.raw(part), sql`${params[at]}`] : [sql.raw(part)],
  )
  return JSON.stringify(await db.execute(sql`explain ${sql.join(chunks)}`))
}

/** An account in its one period. */
export async function openAccount(
  { db }: Pick<Database, 'db'>,
  userId: UserId,
  figures: Partial<typeof creditAccounts.$inferInsert> = {},
): Promise<void> {
  const now = new Date()
  await db.insert(creditAccounts).values({ userId, periodStartsAt: now, minuteStartsAt: now, ...figures })
}
