import { parseUsd, type UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aiCalls, creditHolds } from '../../db/schema/index.ts'
import { type Books, callOf, holdOf, openAccount, openBooks, planOf } from '../testing/books.ts'
import { createSpend, forecast } from './spend.ts'
import { createSpendStore } from './spend-store.ts'

const NOW = new Date('2026-03-21T12:00:00Z')
const DAY_MS = 86_400_000
const allowance = { credits: parseUsd('5'), period: 'once', callsAtOnce: 5, callsPerMinute: 60 } as const

let books: Books
let ada: UserId
beforeAll(async () => {
  books = await openBooks()
  ada = await books.person('ada')
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())

const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS)

it('adds up what the platform pays, by day, model and person', async () => {
  const bea = await books.person('bea')
  const gone = 'usr_gone' as const
  await openAccount(books.database, ada, { spent: parseUsd('3'), granted: parseUsd('2') })
  await books.database.db
    .insert(aiCalls)
    .values([
      callOf(ada, { at: daysAgo(0), cost: parseUsd('1') }),
      callOf(ada, { at: daysAgo(1), cost: parseUsd('2'), model: 'dear', status: 'estimated' }),
      callOf(bea, { at: daysAgo(1), cost: parseUsd('0.5') }),
      callOf(bea, { at: daysAgo(1), cost: parseUsd('90'), payer: 'own' }),
      callOf(gone, { at: daysAgo(2), cost: parseUsd('0.25') }),
      callOf(ada, { at: daysAgo(40), cost: parseUsd('7') }),
    ])
  await books.database.db
    .insert(creditHolds)
    .values([holdOf(ada, { amount: parseUsd('0.75') }), holdOf(bea, { amount: 0n, payer: 'own' })])
  const spend = createSpend({
    store: createSpendStore(books.database),
    allowanceOf: () => allowance,
    clock: { now: () => NOW.getTime() },
  })
  expect(await spend.view({ days: 30 })).toEqual({
    ...{ total: '3.75', today: '1.00', spentThisMonth: '3.75', exposure: '0.75', callsInFlight: 2 },
    // 3.75 in the last 7 days, and 10.5 days are left of March.
    forecastMonth: '9.375',
    estimated: { cost: '2.00', calls: 1 },
    byDay: [
      { day: '2026-03-19', model: 'claude-haiku-4-5', cost: '0.25', calls: 1 },
      { day: '2026-03-20', model: 'claude-haiku-4-5', cost: '0.50', calls: 1 },
      { day: '2026-03-20', model: 'dear', cost: '2.00', calls: 1 },
      { day: '2026-03-21', model: 'claude-haiku-4-5', cost: '1.00', calls: 1 },
    ],
    byModel: [
      { model: 'dear', cost: '2.00', calls: 1, tokens: 177 },
      { model: 'claude-haiku-4-5', cost: '1.75', calls: 3, tokens: 531 },
    ],
    byPerson: [
      { handle: 'ada', cost: '3.00', calls: 2, limit: '7.00', spent: '3.00' },
      { handle: 'bea', cost: '0.50', calls: 1, limit: '5.00', spent: '0.00' },
      { handle: null, cost: '0.25', calls: 1, limit: null, spent: null },
    ],
  })
})

it('expects of the rest of a month what the last week cost', () => {
  const month = { now: NOW, spentThisMonth: parseUsd('10') }
  expect(forecast({ ...month, lastWeek: 0n, firstAt: null })).toBeNull()
  expect(forecast({ ...month, lastWeek: parseUsd('7'), firstAt: null })).toBe(parseUsd('20.5'))
  // A platform that has only been used for two days, and one for a minute.
  expect(forecast({ ...month, lastWeek: parseUsd('7'), firstAt: daysAgo(2) })).toBe(parseUsd('46.75'))
  const justNow = new Date(NOW.getTime() - 60_000)
  expect(forecast({ ...month, lastWeek: parseUsd('1'), firstAt: justNow })).toBe(parseUsd('20.5'))
})

it('reads a month of 100,000 calls by the index', async () => {
  await books.database.db.execute(sql`
    insert into ai_calls (id, user_id, instance_id, at, provider, model, payer, status, input_tokens, cache_write_5m_tokens,
      cache_write_1h_tokens, cache_read_tokens, output_tokens, web_searches, cost, duration_ms)
    select 'aic_' || lpad(n::text, 26, '0'), 'usr_' || n % 500, 'ins_x',
      ${NOW.toISOString()}::timestamptz - n * interval '10 minutes', 'anthropic', 'm' || n % 3, 'platform', 'settled',
      1, 0, 0, 0, 1, 0, 1000, 10
    from generate_series(1, 100000) as n`)
  await books.database.db.execute(sql`analyze ai_calls`)
  const { statements } = createSpendStore(books.database)
  for (const statement of [statements.daily(daysAgo(30)), statements.byPerson(daysAgo(30))]) {
    const plan = await planOf(books.database, statement)
    expect(plan).toContain('ai_calls_at')
    expect(plan).not.toContain('Seq Scan on ai_calls')
  }
}, 180_000)
