import { type CallView, newId, type UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { aiCalls } from '../../db/schema/index.ts'
import { type Books, callOf, openBooks, planOf } from '../testing/books.ts'
import { createUsage, type Usage } from './service.ts'
import { createUsageStore } from './store.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

let books: Books
let usage: Usage
let ada: UserId
beforeAll(async () => {
  books = await openBooks()
  ada = await books.person('ada')
  usage = createUsage({ store: createUsageStore(books.database), clock: { now: () => NOON } })
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())

async function allPages(userId: UserId, limit: number): Promise<CallView[]> {
  const all: CallView[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await usage.calls(userId, { limit, ...(cursor && { cursor }) })
    all.push(...page.calls)
    if (page.nextCursor === null) return all
    cursor = page.nextCursor
  }
}

it('sums what calls cost, by UTC day and model, also those of own keys', async () => {
  const bea = await books.person('bea')
  const at = (text: string) => new Date(`2026-03-${text}Z`)
  await books.database.db
    .insert(aiCalls)
    .values([
      callOf(bea, { at: at('10T00:00:00') }),
      callOf(bea, { at: at('09T23:59:59.999'), cost: 9_007_199_254_740_993n }),
      callOf(bea, { at: at('09T01:00:00'), cost: 2n, payer: 'own' }),
      callOf(bea, { at: at('09T02:00:00'), model: 'other' }),
      callOf(bea, { at: at('08T23:59:59') }),
      callOf(ada, { at: at('10T00:00:00'), cost: 5n }),
    ])
  expect(await usage.daily(bea, { days: 2 })).toEqual([
    {
      ...{ day: '2026-03-09', model: 'claude-haiku-4-5', calls: 2, tokens: 354 },
      ...{ cost: '9007199.254740995', ownCost: '0.000000002' },
    },
    { day: '2026-03-09', model: 'other', calls: 1, tokens: 177, cost: '0.001', ownCost: '0.00' },
    { day: '2026-03-10', model: 'claude-haiku-4-5', calls: 1, tokens: 177, cost: '0.001', ownCost: '0.00' },
  ])
})

it('gives every call once, newest first, also of the same microsecond', async () => {
  const cal = await books.person('cal')
  const at = sql`'2026-03-01T10:00:00.123456Z'::timestamptz`
  const rows = Array.from({ length: 25 }, (_, index) => ({
    ...callOf(cal),
    at: sql`${at} + ${`${Math.floor(index / 5)} microseconds`}::interval`,
  }))
  await books.database.db.insert(aiCalls).values(rows)
  const pages = await allPages(cal, 3)
  expect(pages.map(({ id }) => id)).toEqual((await allPages(cal, 100)).map(({ id }) => id))
  expect(new Set(pages.map(({ id }) => id)).size).toBe(25)
  expect(pages[0]).toMatchObject({
    inputTokens: 100,
    cacheWriteTokens: 23,
    cacheReadTokens: 4,
    cost: '0.001',
  })
})

it('begins nowhere but at a call of one’s own', async () => {
  const [dee, eve] = [await books.person('dee'), await books.person('eve')]
  const hers = callOf(eve)
  await books.database.db.insert(aiCalls).values([hers, callOf(dee)])
  expect(await usage.calls(dee, { limit: 5, cursor: hers.id })).toEqual({ calls: [], nextCursor: null })
  await expect(usage.calls(dee, { limit: 5, cursor: '1_x' })).rejects.toMatchObject({ code: 'invalid_input' })
})

describe('of 100,000 calls, a hundredth of them one’s own', () => {
  beforeAll(async () => {
    const other = newId('usr', systemClock)
    await books.database.db.execute(sql`
      insert into ai_calls (id, user_id, instance_id, at, provider, model, payer, status, input_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, cache_read_tokens, output_tokens, web_searches, cost, duration_ms)
      select 'aic_' || lpad(n::text, 26, '0'), case when n % 100 = 0 then ${ada} else ${other} end, 'ins_x',
        '2026-03-10T12:00:00Z'::timestamptz - n * interval '1 minute', 'anthropic', 'm' || n % 3, 'platform', 'settled',
        1, 0, 0, 0, 1, 0, 1000, 10
      from generate_series(1, 100000) as n`)
    await books.database.db.execute(sql`analyze ai_calls`)
  }, 180_000)

  it('reads a page, and a month, by the index', async () => {
    const store = createUsageStore(books.database)
    const last = 'aic_00000000000000000000050000' as const
    for (const statement of [store.page(ada, null, 50), store.page(ada, last, 50)]) {
      const plan = await planOf(books.database, statement)
      expect(plan).toContain('Index Scan Backward using ai_calls_user')
      expect(plan).not.toMatch(/Sort|Seq Scan/)
    }
    const plan = await planOf(books.database, store.dailyRows(ada, new Date(NOON - 30 * 86_400_000)))
    expect(plan).toMatch(/ai_calls_user/)
    expect(plan).not.toContain('Seq Scan')
  })
})
