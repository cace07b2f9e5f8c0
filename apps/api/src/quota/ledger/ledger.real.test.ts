/** The books under many writers at once, over connections and processes of their own. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describeReal } from '@matrixos/testing/describe-real'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../../tests/support/test-database.ts'
import type { Database } from '../../db/database.ts'
import { openPostgres } from '../../drivers/database/postgres/index.ts'
import type { LedgerAnswer } from '../../ports/ledger.ts'
import { createGroupCommit } from './group-commit.ts'
import { createRecovery } from './recovery.ts'
import { createLedger } from './store.ts'
import { ledgerContract, type Subject, subjectOf, sumsDiffer } from './testing/contract.ts'
import { RICH, stranger } from './testing/people.ts'
import { randomCalls } from './testing/random-calls.ts'

async function openTest(connections: number) {
  const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  const open = () => openPostgres({ url: made.url, maxConnections: connections, statementTimeoutMs: 60_000 })
  const database = open()
  await database.migrate()
  return { database, open, url: made.url, drop: made.drop }
}

describeReal(['postgres'], 'the ledger on PostgreSQL', () => {
  ledgerContract(async () => {
    const { database, drop } = await openTest(2)
    return {
      ledger: createLedger(database),
      database,
      async close() {
        await database.close()
        await drop()
      },
    }
  })
})

describeReal(['postgres'], 'a ledger with many writers', () => {
  let test: Awaited<ReturnType<typeof openTest>>
  let replicas: Database[]
  let subject: Subject
  beforeAll(async () => {
    test = await openTest(4)
    replicas = [test.open(), test.open(), test.open()]
    subject = subjectOf({ ledger: createLedger(test.database), database: test.database })
  })
  afterAll(async () => {
    for (const database of [...replicas, test.database]) await database.close()
    await test.drop()
  })

  /** Half of them share transactions, half go alone over all connections. */
  const writers = () =>
    replicas.flatMap((database) => {
      const { apply } = createLedger(database)
      const commits = createGroupCommit(apply)
      return [
        commits.run,
        async <O extends Parameters<typeof commits.run>[0]>(operation: O) => (await apply([operation]))[0],
      ]
    })
  const counted = (answers: (LedgerAnswer | undefined)[]) => {
    const kinds = answers.map((answer) => (answer && 'reason' in answer ? answer.reason : answer?.kind))
    return Object.fromEntries(
      Object.entries(Object.groupBy(kinds, (kind) => `${kind}`)).map(([kind, all]) => [kind, all?.length]),
    )
  }
  const difference = async (userId: string) => {
    const calls = await subject.callsOf(userId)
    return calls.reduce((sum, { cost }) => sum + cost, 0n) - ((await subject.accountOf(userId))?.spent ?? 0n)
  }

  it('lets nobody overspend with 200 at once, and nobody starve', async () => {
    const ana = stranger({ credits: 1_050n, callsAtOnce: 1_000, callsPerMinute: 1_000 })
    const all = writers()
    const holds = Array.from({ length: 200 }, () => ana.hold(100n))
    const answers = await Promise.all(holds.map((hold, at) => all[at % all.length]?.(hold)))
    expect(counted(answers)).toEqual({ granted: 10, credits: 190 })
    expect(await subject.accountOf(ana.userId)).toMatchObject({ held: 1_000n, live: 10, minuteCalls: 10 })
    expect(await subject.holdsOf(ana.userId)).toHaveLength(10)
    expect(await subject.alertsOf(ana.userId)).toEqual([])
  })

  it('gives out every slot once with 200 at once, and as many calls a minute as there are', async () => {
    const [ben, eve] = [
      stranger({ callsAtOnce: 5, callsPerMinute: 1_000 }),
      stranger({ callsAtOnce: 1_000, callsPerMinute: 60 }),
    ]
    const all = writers()
    const ask = (person: typeof ben) =>
      Promise.all(Array.from({ length: 200 }, (_, at) => all[at % all.length]?.(person.hold(1n))))
    const [slots, rate] = await Promise.all([ask(ben), ask(eve)])
    expect(counted(slots)).toEqual({ granted: 5, slots: 195 })
    expect(counted(rate)).toEqual({ granted: 60, rate: 140 })
  })

  it('clamps one call alone with 200 at once', async () => {
    const kim = stranger({ callsAtOnce: 1_000, callsPerMinute: 1_000 })
    const all = writers()
    const asked = Array.from({ length: 200 }, (_, at) =>
      all[at % all.length]?.(kim.hold(5_000n, { least: 1n })),
    )
    expect(counted(await Promise.all(asked))).toEqual({ granted: 1, credits: 199 })
    expect(await subject.accountOf(kim.userId)).toMatchObject({ held: 1_000n, live: 1 })
    expect(await subject.alertsOf(kim.userId)).toEqual([])
  })

  it('tells nobody that all is spent because a call came first', async () => {
    const lea = stranger()
    const { db } = test.database
    const first = lea.hold(10n)
    await subject.one(first)
    await subject.one(lea.release(first.id))
    const answer = await db.transaction(async (tx) => {
      await tx.execute(sql`update credit_accounts set held = 1000, live = 1 where user_id = ${lea.userId}`)
      const waiting = subject.one(lea.hold(1_000n))
      await expect.poll(() => waitingFor(test.database)).toBe(1)
      return { waiting }
    })
    expect(await answer.waiting).toMatchObject({ reason: 'credits', budget: { held: 1_000n } })
    expect(await subject.alertsOf(lea.userId)).toEqual([])
    await db.execute(sql`update credit_accounts set held = 0, live = 0 where user_id = ${lea.userId}`)
  })

  it('keeps every sum whatever happens, with recovery under way in every process', async () => {
    const seed = Number(process.env.LEDGER_SEED ?? randomBytes(4).readUInt32LE())
    console.info(`LEDGER_SEED=${seed}`)
    const people = Array.from({ length: 6 }, () => stranger(RICH))
    const all = writers()
    const over = new AbortController()
    const recoveries = replicas.map(async (database) => {
      const recovery = createRecovery(database, { deadAfterMs: 20, allowanceOf: () => RICH })
      while (!over.signal.aborted) await recovery.recover()
    })
    await Promise.all(
      Array.from({ length: 24 }, (_, at) => {
        const run = all[at % all.length]
        if (!run) throw new Error('No writer.')
        return randomCalls({
          run: async (operation) => (await run(operation)) ?? { kind: 'done' },
          ...{ people, below: numbers(seed + at), proxyId: `proxy-${at}`, calls: 60 },
        })
      }),
    )
    over.abort()
    await Promise.all(recoveries)
    expect(await sumsDiffer(test.database)).toEqual([])
    for (const { userId } of people) expect(await difference(userId)).toBe(0n)
    await createRecovery(test.database, { deadAfterMs: 0, allowanceOf: () => RICH }).recover()
    for (const { userId } of people) {
      expect(await subject.holdsOf(userId)).toEqual([])
      expect(await difference(userId)).toBe(0n)
      const account = await subject.accountOf(userId)
      expect(account).toMatchObject({ held: 0n, live: 0 })
      expect(account && account.spent > 0n && account.spent <= RICH.credits).toBe(true)
    }
  })

  it('has a dead proxy’s calls charged, each once, wherever the kill came', async () => {
    const people = Array.from({ length: 4 }, () => stranger(RICH))
    const ids = JSON.stringify(people.map(({ userId, instanceId }) => ({ userId, instanceId })))
    const program = fileURLToPath(new URL('testing/doomed-proxy.ts', import.meta.url))
    const callsWritten = async () =>
      (await Promise.all(people.map(({ userId }) => subject.callsOf(userId)))).flat()
    for (const proxyId of ['doomed-1', 'doomed-2', 'doomed-3']) {
      const before = (await callsWritten()).length
      const child = spawn(process.execPath, [program, test.url, proxyId, ids], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'close')
      await once(child.stdout, 'data')
      await expect.poll(async () => (await callsWritten()).length).toBeGreaterThan(before + 20)
      child.kill('SIGKILL')
      await ended
      // What it had sent, the server still does.
      await expect.poll(() => strangersOf(test.database)).toBe(0)
      expect(await sumsDiffer(test.database)).toEqual([])
      await createRecovery(test.database, { deadAfterMs: 0, allowanceOf: () => RICH }).recover()
      for (const { userId } of people) {
        expect(await subject.accountOf(userId)).toMatchObject({ held: 0n, live: 0 })
        expect(await difference(userId)).toBe(0n)
      }
    }
    expect((await callsWritten()).some(({ status }) => status === 'estimated')).toBe(true)
  })

  /** Connections that wait for a lock. */
  async function waitingFor({ db }: Database): Promise<number> {
    const [row] = await db
      .select({ count: sql<number>`count(*)::int` })
      .from(sql`pg_stat_activity`)
      .where(sql`datname = current_database() and wait_event_type = 'Lock'`)
    return row?.count ?? 0
  }

  /** Connections at work that are not this one. */
  async function strangersOf({ db }: Database): Promise<number> {
    const [row] = await db
      .select({ count: sql<number>`count(*)::int` })
      .from(sql`pg_stat_activity`)
      .where(sql`datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`)
    return row?.count ?? 0
  }
})

/** Mulberry32. */
function numbers(seed: number) {
  let state = seed >>> 0
  return (n: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n)
  }
}
