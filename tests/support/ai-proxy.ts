/** The AI proxy as a process of its own on a PostgreSQL database, with one person whose calls it serves. */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { portAnswers } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import type { Database } from '../../apps/api/src/db/database.ts'
import { aiCalls, creditAccounts, creditHolds } from '../../apps/api/src/db/schema/index.ts'
import { openPostgres } from '../../apps/api/src/drivers/database/postgres/index.ts'
import { signUp } from '../../apps/api/src/quota/ledger/testing/people.ts'
import { bundleOf } from '../../apps/supervisor/src/build/programs.ts'

export interface AiProxy extends AsyncDisposable {
  url: string
  database: Database
  /** A message to the model; `script`: what the scripted model is asked to do. */
  call: (body?: object, options?: { script?: object; signal?: AbortSignal }) => Promise<Response>
  books: () => Promise<Books>
  /** When no call is in flight by the books: what they say then. */
  settled: (calls: number) => Promise<Books>
  /** What it has logged. */
  log: () => string
}

export interface Books {
  holds: (typeof creditHolds.$inferSelect)[]
  calls: (typeof aiCalls.$inferSelect)[]
  account: Pick<typeof creditAccounts.$inferSelect, 'spent' | 'held' | 'live'>
}

const NOTHING = { spent: 0n, held: 0n, live: 0 }
const SETTLED_MS = 30_000

export async function startAiProxy(databaseUrl: string, env: Record<string, string>): Promise<AiProxy> {
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'mos-proxy-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const database = openPostgres({ url: databaseUrl, maxConnections: 2, statementTimeoutMs: 2_000 })
  started.defer(() => database.close())
  await database.migrate()
  const token = `mosai_${randomBytes(24).toString('base64url')}`
  const { userId } = await signUp(database, `caller${randomBytes(4).toString('hex')}`, token)

  const port = await freePort()
  const child = spawn(process.execPath, [join(ROOT, bundleOf('ai'))], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      DATABASE_TIMEOUT_S: '1',
      AI_PROXY_LISTEN: `127.0.0.1:${port}`,
      PLATFORM_SECRET: randomBytes(32).toString('hex'),
      EDGE_TOKEN: randomBytes(32).toString('hex'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (log += chunk))
  started.defer(async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'exit')
  })
  await until('the proxy listens', () => {
    if (child.exitCode !== null) throw new Error(log)
    return portAnswers('127.0.0.1', port)
  })

  const { db } = database
  const books = async (): Promise<Books> => ({
    holds: await db.select().from(creditHolds).where(eq(creditHolds.userId, userId)),
    calls: await db.select().from(aiCalls).where(eq(aiCalls.userId, userId)).orderBy(aiCalls.at, aiCalls.id),
    account: (await db.select().from(creditAccounts).where(eq(creditAccounts.userId, userId)))[0] ?? NOTHING,
  })
  const url = `http://127.0.0.1:${port}`
  const all = started.move()
  return {
    url,
    database,
    books,
    call: (body, { script, signal } = {}) =>
      fetch(`${url}/v1/messages`, {
        method: 'POST',
        headers: {
          ...{ 'x-api-key': token, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
          ...(script && { 'x-scripted': JSON.stringify(script) }),
        },
        body: JSON.stringify({
          ...{ model: 'claude-haiku-4-5', max_tokens: 500 },
          messages: [{ role: 'user', content: 'Hello' }],
          ...body,
        }),
        ...(signal && { signal }),
      }),
    settled: (calls) =>
      until(
        `no call is in flight, and ${calls} are charged`,
        async () => {
          const now = await books().catch(() => null)
          return now?.holds.length === 0 && now.calls.length === calls && now
        },
        SETTLED_MS,
      ),
    log: () => log,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
