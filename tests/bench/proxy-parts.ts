/** What the proxy's benchmark runs, each as a process of its own: the model, the proxy on PostgreSQL, and a rival. */

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { portAnswers } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import { sql } from 'drizzle-orm'
import type { Database } from '../../apps/api/src/db/database.ts'
import { openPostgres } from '../../apps/api/src/drivers/database/postgres/index.ts'
import { signUp } from '../../apps/api/src/quota/ledger/testing/people.ts'
import { createTestDatabase } from '../support/test-database.ts'

export interface ProxyParts extends AsyncDisposable {
  model: { url: string }
  /** The same program without a record of what it did: calls straight to it are more than one could keep. */
  floorModel: { url: string }
  proxy: { url: string; tokens: string[]; pid: number }
  portkey: { url: string }
  database: Database
}

/** Calls are spread over them, as on a platform: each has an account of their own. */
const PEOPLE = 32
/** Whatever this benchmark asks of the limits is no overuse. */
const ENOUGH = { AI_CREDITS_USD: '100000', AI_CALLS_AT_ONCE: '100', AI_CALLS_PER_MINUTE: '10000' }

export async function startProxyParts(): Promise<ProxyParts> {
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'mos-bench-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { url: databaseUrl, drop } = await createTestDatabase(`bench_proxy_${randomBytes(4).toString('hex')}`)
  started.defer(drop)
  const database = await openPostgres({ url: databaseUrl, maxConnections: 2, statementTimeoutMs: 30_000 })
  started.defer(() => database.close())
  await database.migrate()
  const tokens: string[] = []
  for (let i = 0; i < PEOPLE; i++) {
    const token = `mosai_${randomBytes(24).toString('base64url')}`
    await signUp(database, `bench${i}`, token)
    tokens.push(token)
  }
  const start = (args: string[], port: number, env: Record<string, string>) =>
    startPart(started, args, port, { DATA_DIR: folder, ...env })

  const startModel = async (env: Record<string, string>) => {
    const port = await freePort()
    await start([join(ROOT, 'apps/scripted-model/src/main.ts')], port, {
      SCRIPTED_MODEL_LISTEN: `127.0.0.1:${port}`,
      SCRIPTED_MODEL_PACE: 'instant',
      ...env,
    })
    return { url: `http://127.0.0.1:${port}` }
  }
  const model = await startModel({ SCRIPTED_MODEL_TRUTH: 'on' })
  const floorModel = await startModel({})
  const port = await freePort()
  const child = await start([join(ROOT, 'apps/api/src/proxy-main.ts')], port, {
    ...ENOUGH,
    AI_PROXY_LISTEN: `127.0.0.1:${port}`,
    AI_DEMONSTRATION_URL: model.url,
    DATABASE_URL: databaseUrl,
    PLATFORM_SECRET: randomBytes(32).toString('hex'),
    EDGE_TOKEN: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'warn',
  })
  const portkey = await startPortkey(start)
  const all = started.move()
  return {
    model,
    floorModel,
    proxy: { url: `http://127.0.0.1:${port}`, tokens, pid: child.pid ?? 0 },
    portkey,
    database,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

type Start = (args: string[], port: number, env: Record<string, string>) => Promise<ChildProcess>

async function startPortkey(start: Start): Promise<{ url: string }> {
  const port = await freePort()
  const folder = dirname(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json'))
  const wrapper = join(import.meta.dirname, 'portkey-response.ts')
  const program = join(folder, 'build/start-server.js')
  await start(['--import', wrapper, program, `--port=${port}`, '--headless'], port, {
    NODE_ENV: 'production',
    TRUSTED_CUSTOM_HOSTS: '127.0.0.1',
  })
  return { url: `http://127.0.0.1:${port}` }
}

async function startPart(
  started: AsyncDisposableStack,
  args: string[],
  port: number,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.defer(async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'exit')
  })
  await until(`port ${port} answers`, () => {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}.`)
    return portAnswers('127.0.0.1', port)
  })
  return child
}

/** One small transaction after another on a table of their own: what a durable write costs here, without the platform. */
export async function createCommitFloor({ db }: Pick<Database, 'db'>): Promise<() => Promise<unknown>> {
  await db.execute(sql`create table bench_commits (id bigint generated always as identity)`)
  return () => db.execute(sql`insert into bench_commits default values`)
}

/** Resident memory of a process, in MiB (Linux). */
export function residentMb(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}

/** Of a second: the unit of processes' times, the same on every Linux machine of today. */
const TICKS_PER_SECOND = 100

/** What a process has taken of the processors so far, user and system together (Linux). */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in brackets, may hold anything; user and system time are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}
