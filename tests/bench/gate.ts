/**
 * The gate alone, asked as an edge asks it: how many checks one core of the api answers for signed-in people whose
 * sessions are in PostgreSQL, beside a constant answer of the same listener, in turns; then how soon two api processes
 * refuse a session that has ended.
 */
import { join } from 'node:path'
import { GATE_PATH, idSchema, PLATFORM_PATH } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { z } from 'zod'
import { getStatus, startBareApi } from '../support/bare-api.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { type BenchSession, loadSocket, personWithSessions, type SocketLoad } from './gate-parts.ts'
import { type BenchResult, median, round } from './result.ts'

const PEOPLE = 4
const SESSIONS_EACH = 25
const ROUNDS = 5
const SECONDS_PER_LOAD = 4
const WARM_UP_S = 3
/** Ends of each kind. */
const ENDS = 8
const PROMISED_MS = 5_000
/** Whatever this benchmark asks of the limits is no attack. */
const ENOUGH = { AUTH_ATTEMPTS_PER_MINUTE: '100000' }

export async function run(): Promise<BenchResult> {
  await using stack = await bootStack({ parts: 'real', env: { ...ENOUGH, LOG_LEVEL: 'warn' } })
  const sessions: BenchSession[] = []
  for (let i = 0; i < PEOPLE; i++)
    sessions.push(...(await personWithSessions(stack, `gate${i}`, SESSIONS_EACH)))
  const loads = await measureLoads(stack, sessions)
  const ends = await measureEnds(stack, sessions)
  return result(loads, ends)
}

interface Loads {
  checks: SocketLoad[]
  constant: SocketLoad[]
}

const gateOf = (stack: Stack) => join(stack.runDir, 'gate.sock')

/** Both are measured in each round, so that a busy neighbour spoils a round and not one of the two. */
async function measureLoads(stack: Stack, sessions: BenchSession[]): Promise<Loads> {
  const pid = stack.platform().parts.api
  if (pid === undefined) throw new Error('The api is not running.')
  const common = { socketPath: gateOf(stack), pid }
  const asked = (path: string) => sessions.map(({ headers }) => ({ path, headers }))
  const check = { ...common, requests: asked(GATE_PATH), status: 204 }
  // The same listener and the same headers; nobody is looked up and nothing is decided.
  const constant = { ...common, requests: asked(`${PLATFORM_PATH}dashboard`), status: 302 }
  const loads: Loads = { checks: [], constant: [] }
  for (const one of [check, constant]) await loadSocket({ ...one, seconds: WARM_UP_S })
  for (let i = 0; i < ROUNDS; i++) {
    loads.constant.push(await loadSocket({ ...constant, seconds: SECONDS_PER_LOAD }))
    loads.checks.push(await loadSocket({ ...check, seconds: SECONDS_PER_LOAD }))
  }
  return loads
}

interface Ends {
  /** Milliseconds until both api processes refuse a session whose person signed out at one of them. */
  announced: number[]
  /** The same where whoever ended it told nobody. */
  silent: number[]
}

async function measureEnds(stack: Stack, sessions: BenchSession[]): Promise<Ends> {
  await using replica = await startBareApi(stack, { ...ENOUGH, LOG_LEVEL: 'warn' })
  const sql = postgres(stack.databaseUrl ?? '', { max: 1 })
  const gates = [
    ({ headers }: BenchSession) => getStatus(gateOf(stack), GATE_PATH, headers),
    ({ headers: { host = '', ...rest } }: BenchSession) => replica.ask(host, rest),
  ]
  const ends: Ends = { announced: [], silent: [] }
  const measure = async (session: BenchSession, end: () => Promise<unknown>) => {
    const before = await Promise.all(gates.map((ask) => ask(session)))
    if (before.some((status) => status !== 204))
      throw new Error(`A session that stands was answered with ${before.join(' and ')}.`)
    await end()
    const began = performance.now()
    await Promise.all(gates.map((ask) => untilRefused(() => ask(session))))
    return performance.now() - began
  }
  for (const session of sessions.slice(0, ENDS))
    ends.announced.push(await measure(session, () => session.client.trpc.auth.logout.mutate()))
  for (const session of sessions.slice(ENDS, 2 * ENDS)) {
    const id = sessionIdOf(session)
    ends.silent.push(await measure(session, () => sql`delete from sessions where id = ${id}`))
  }
  await sql.end()
  return ends
}

/** The cookie of an instance's host is a JWT that names its session. */
function sessionIdOf({ headers }: BenchSession): string {
  const [, claims = ''] = /__Host-mos_app=[\w-]+\.([\w-]+)\./.exec(headers.cookie ?? '') ?? []
  return z.object({ sid: idSchema('ses') }).parse(JSON.parse(Buffer.from(claims, 'base64url').toString())).sid
}

/** Asks again and again, as a page that goes on would. */
async function untilRefused(ask: () => Promise<number>): Promise<void> {
  await until('the session is refused', async () => (await ask()) === 401, 4 * PROMISED_MS)
}

function result(loads: Loads, ends: Ends): BenchResult {
  const middle = (of: SocketLoad[], key: keyof SocketLoad) => round(median(of.map((load) => load[key])))
  const describe = (of: SocketLoad[]) => ({
    checksPerSecond: Math.round(middle(of, 'perSecond')),
    checksPerCpuSecond: Math.round(middle(of, 'perCpuSecond')),
    coresUsed: middle(of, 'cores'),
    p50Ms: middle(of, 'p50Ms'),
    p99Ms: middle(of, 'p99Ms'),
  })
  const failedChecks = loads.checks.reduce((sum, { failed }) => sum + failed, 0)
  const failedFloor = loads.constant.reduce((sum, { failed }) => sum + failed, 0)
  // Ratios are taken round by round, of neighbours in time.
  const ratios = loads.checks.map(
    ({ perCpuSecond }, i) => perCpuSecond / (loads.constant[i]?.perCpuSecond ?? Number.NaN),
  )
  const figures = {
    ...describe(loads.checks),
    failedChecks,
    revocationMs: round(Math.max(...ends.announced)),
    revocationP50Ms: round(median(ends.announced)),
    silentRevocationMs: round(Math.max(...ends.silent)),
  }
  const slowest = Math.max(figures.revocationMs, figures.silentRevocationMs)
  return {
    bench: 'gate',
    ok: failedChecks === 0 && failedFloor === 0 && slowest <= PROMISED_MS,
    figures,
    floor: { ...describe(loads.constant), failed: failedFloor },
    ratio: { checksOverConstant: round(median(ratios)) },
    notes: `${ROUNDS} rounds of ${SECONDS_PER_LOAD} s in turns with the floor, ${PEOPLE * SESSIONS_EACH} sessions of ${PEOPLE} people in turns over a unix socket, PostgreSQL, awake instances. checksPerSecond is by the clock, of one api process that used coresUsed cores; checksPerCpuSecond, and the ratio, are per second of its processor time, all its threads together: what one whole core answers however busy the machine is. The floor is a redirect by the same listener. revocationMs: the slowest of ${ENDS} sign-outs, until both of two api processes refuse; silentRevocationMs: the same where a session's row was deleted and nobody was told.`,
  }
}
