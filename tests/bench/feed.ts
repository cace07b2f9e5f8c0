/**
 * A page of the feed at 1,000, 100,000 and a million items, through its procedure, against the same statement put to the
 * database alone; and the search of people among 10,000.
 */
import { randomBytes } from 'node:crypto'
import { type FeedQuery, hostsOf } from '@matrixos/shared'
import { fillPlaceholders } from 'drizzle-orm'
import { systemClock } from '../../apps/api/src/clock.ts'
import { openPostgres } from '../../apps/api/src/drivers/database/postgres/index.ts'
import { router } from '../../apps/api/src/http/trpc.ts'
import { createFeedModule } from '../../apps/api/src/social/feed/module.ts'
import { createFeedPages } from '../../apps/api/src/social/feed/pages.ts'
import { feedRouter } from '../../apps/api/src/social/feed/router.ts'
import { createSearch } from '../../apps/api/src/social/search/service.ts'
import { createSearchStore } from '../../apps/api/src/social/search/store.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { addItems, addPeople, connect, itemIdOf, PEOPLE, type Sql, searches, userIdOf } from './feed-parts.ts'
import { type BenchResult, median, round, timed } from './result.ts'

const SIZES = [1_000, 100_000, 1_000_000]
const ROUNDS = 150
const WARM_UP = 30
const LIMIT = 20
const viewer = userIdOf(1)

type Api = Awaited<ReturnType<typeof openApi>>

export async function run(): Promise<BenchResult> {
  const test = await createTestDatabase(`mos_bench_feed_${randomBytes(4).toString('hex')}`)
  try {
    return await measure(test.url)
  } finally {
    await test.drop()
  }
}

/** The feed's procedures, and what is behind them, on a database of its own. */
async function openApi(url: string) {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 60_000 })
  await database.migrate()
  const limit = { take: async () => undefined, check: async () => undefined, giveBack: async () => undefined }
  const none = () => Promise.reject(new Error('Not in this benchmark.'))
  const module = await createFeedModule({
    ...{ database, clock: systemClock, hosts: hostsOf('https://bench.example') },
    notifications: { publish: () => undefined, subscribe: async () => async () => undefined },
    onOpenApps: () => () => undefined,
    settings: { get: () => 'on' as never },
    limits: {
      feed: { posts: limit, instancePosts: limit, comments: limit, likes: limit, reports: limit },
      social: { reads: limit },
    },
    audit: { record: none, deleteOld: none },
  })
  const api = router({ feed: feedRouter({ ...module, readLimit: limit, ...streams }) })
  const principal = {
    how: 'session',
    userId: viewer,
    handle: 'ada',
    role: 'member',
    scopes: ['feed:read'],
  } as const
  const caller = api.createCaller({
    ...{ request: { address: '192.0.2.1' } as never, now: systemClock.now, changes: limit },
    principal: async () => ({ ...principal, sessionId: 'ses_bench', provedAt: null }),
  })
  return {
    page: (query: Partial<FeedQuery>) => caller.feed.list({ limit: LIMIT, ...query }),
    /** What a page asks the database. */
    statement: (scope: 'everyone' | 'following', cursor?: FeedQuery['cursor']) => {
      const of = scope === 'everyone' ? { scope } : { scope, viewer }
      const { page, values } = createFeedPages(database).statement({
        ...{ viewer, of, before: cursor, limit: LIMIT + 1 },
      })
      const { sql, params } = page.getQuery()
      return { sql, params: fillPlaceholders(params, values) }
    },
    search: createSearch({ store: createSearchStore(database), hosts: hostsOf('https://bench.example') }),
    async close() {
      await module.close()
      await database.close()
    },
  }
}
const noStream = () => new AbortController().signal
const streams = { sessions: { stream: noStream }, tokenStream: noStream }

interface Times {
  page: number
  sql: number
}

/** Medians of a page and of its bare statement, in turns. */
async function turns(
  { page, statement }: Api,
  sql: Sql,
  scope: 'everyone' | 'following',
  cursor?: FeedQuery['cursor'],
): Promise<Times> {
  const { sql: text, params } = statement(scope, cursor)
  const samples: { page: number[]; sql: number[] } = { page: [], sql: [] }
  for (let at = -WARM_UP; at < ROUNDS; at++) {
    const ofSql = await timed(async () => {
      // As the api sends it: prepared once for each connection.
      const rows = await sql.unsafe(text, params as string[], { prepare: true })
      if (rows.length !== LIMIT + 1) throw new Error(`The statement found ${rows.length} rows.`)
    })
    const ofPage = await timed(async () => {
      const { items } = await page({ scope, ...(cursor && { cursor }) })
      if (items.length !== LIMIT) throw new Error(`The page has ${items.length} items.`)
    })
    if (at < 0) continue
    samples.sql.push(ofSql)
    samples.page.push(ofPage)
  }
  return { page: median(samples.page), sql: median(samples.sql) }
}

async function searchTimes({ search }: Api): Promise<number[]> {
  const times: number[] = []
  for (const [at, text] of searches(ROUNDS + WARM_UP).entries()) {
    const time = await timed(async () => {
      if ((await search(viewer, text, LIMIT)).length === 0) throw new Error(`Nobody was found by ${text}.`)
    })
    if (at >= WARM_UP) times.push(time)
  }
  return times
}

/** With connections of their own: what PostgreSQL keeps of statements on one that was open before is for a small feed. */
async function fresh<T>(url: string, work: (api: Api, sql: Sql) => Promise<T>): Promise<T> {
  const api = await openApi(url)
  const sql = connect(url)
  try {
    return await work(api, sql)
  } finally {
    await sql.end()
    await api.close()
  }
}

async function measure(url: string): Promise<BenchResult> {
  await fresh(url, (_, sql) => addPeople(sql))
  const everyone: Times[] = []
  const following: Times[] = []
  let before = 0
  for (const size of SIZES) {
    await fresh(url, (_, sql) => addItems(sql, before + 1, size))
    before = size
    await fresh(url, async (api, sql) => {
      everyone.push(await turns(api, sql, 'everyone'))
      following.push(await turns(api, sql, 'following'))
    })
    console.error(`${size} items: ${JSON.stringify([everyone.at(-1), following.at(-1)])}`)
  }
  const { deep, searched } = await fresh(url, async (api, sql) => ({
    deep: await turns(api, sql, 'everyone', itemIdOf((SIZES.at(-1) ?? 0) / 2)),
    searched: await searchTimes(api),
  }))
  const none = { page: Number.NaN, sql: Number.NaN }
  const [first = none, middle = none, last = none] = everyone
  const [firstOwn = none, , lastOwn = none] = following
  return {
    bench: 'feed',
    ok: true,
    figures: {
      ...{ page1kMs: round(first.page), page100kMs: round(middle.page), page1MMs: round(last.page) },
      ...{
        following1kMs: round(firstOwn.page),
        following1MMs: round(lastOwn.page),
        deep1MMs: round(deep.page),
      },
      searchP50Ms: round(median(searched)),
    },
    floor: { sql1kMs: round(first.sql), sql1MMs: round(last.sql), followingSql1MMs: round(lastOwn.sql) },
    ratio: {
      page1MOverSql: round(last.page / last.sql),
      page1MOver1k: round(last.page / first.page),
      following1MOverSql: round(lastOwn.page / lastOwn.sql),
      following1MOver1k: round(lastOwn.page / firstOwn.page),
      deep1MOverFirst: round(deep.page / last.page),
    },
    notes: `Medians of ${ROUNDS} pages of ${LIMIT} items for somebody signed in, who follows 100 of ${PEOPLE} people, through the procedure with its checks of input and output; the floor is the same statement sent to PostgreSQL by its driver, in turns with the page; both prepared. Search: ${ROUNDS} texts of five kinds.`,
  }
}
