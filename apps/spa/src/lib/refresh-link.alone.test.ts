import { createTRPCClient, httpBatchLink, httpLink, type TRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { errorCodeOf, isRefusal, isUnreachable } from './errors.ts'
import { acrossTabs, createRefresh } from './refresh.ts'
import { refreshLink } from './refresh-link.ts'

const ORIGIN = 'http://app.localhost'
const t = initTRPC.create()
const output = t.procedure.query(() => '')
const router = t.router({ one: output, two: output, refresh: t.procedure.mutation(() => '') })
type Router = typeof router

const seen: string[] = []
const api = { signedIn: false, refreshAnswers: 'renews' as 'renews' | 'refuses' | 'breaks' }

const refused = (code: string) => ({
  error: {
    message: code,
    code: -32001,
    data: { code: 'X', httpStatus: 401, error: { code, message: code } },
  },
})
const ok = (data: string) => ({ result: { data } })

const server = setupServer(
  http.post(`${ORIGIN}/trpc/refresh`, () => {
    seen.push('refresh')
    if (api.refreshAnswers === 'breaks') return HttpResponse.error()
    api.signedIn = api.refreshAnswers === 'renews'
    return api.signedIn
      ? HttpResponse.json(ok('ok'))
      : HttpResponse.json(refused('unauthorized'), { status: 401 })
  }),
  http.get(`${ORIGIN}/trpc/:paths`, ({ params }) => {
    const paths = String(params.paths).split(',')
    seen.push(...paths)
    return HttpResponse.json(paths.map((path) => (api.signedIn ? ok(path) : refused('unauthorized'))))
  }),
)

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
afterEach(() => server.resetHandlers())
beforeEach(() => {
  seen.length = 0
  Object.assign(api, { signedIn: false, refreshAnswers: 'renews' })
})

/** A browser: its tabs share the lock and the moment of the last renewal. */
function browser() {
  let renewals = 0
  let tail: Promise<unknown> = Promise.resolve()
  const locks = {
    request: (_name: string, task: () => Promise<unknown>) => {
      tail = tail.then(task, task)
      return tail
    },
  }
  return function tab(): TRPCClient<Router> {
    const plain = createTRPCClient<Router>({ links: [httpLink({ url: `${ORIGIN}/trpc` })] })
    const refresh = createRefresh({
      renew: () => plain.refresh.mutate(),
      isRefusal,
      exclusive: acrossTabs('refresh', locks as unknown as LockManager),
      renewals: { get: () => renewals, set: (count) => (renewals = count) },
    })
    return createTRPCClient<Router>({
      links: [refreshLink(refresh), httpBatchLink({ url: `${ORIGIN}/trpc` })],
    })
  }
}

const count = (name: string) => seen.filter((path) => path === name).length

test('renews the session once for calls refused together, and repeats them', async () => {
  const client = browser()()
  expect(await Promise.all([client.one.query(), client.two.query(), client.one.query()])).toEqual([
    'one',
    'two',
    'one',
  ])
  expect(count('refresh')).toBe(1)
  expect(count('one')).toBe(4)
})

test('renews once between two tabs', async () => {
  const tab = browser()
  expect(await Promise.all([tab().one.query(), tab().two.query()])).toEqual(['one', 'two'])
  expect(count('refresh')).toBe(1)
})

test('signs out on a refused renewal, without a second try', async () => {
  api.refreshAnswers = 'refuses'
  const error: unknown = await browser()()
    .one.query()
    .catch((reason: unknown) => reason)
  expect(errorCodeOf(error)).toBe('unauthorized')
  expect(seen).toEqual(['one', 'refresh'])
})

test('treats a renewal without a response as a network failure, not a sign-out', async () => {
  api.refreshAnswers = 'breaks'
  const error: unknown = await browser()()
    .one.query()
    .catch((reason: unknown) => reason)
  expect(isUnreachable(error)).toBe(true)
  expect(errorCodeOf(error)).toBeNull()
})

test('renews a session that ends again', async () => {
  const client = browser()()
  await client.one.query()
  api.signedIn = false
  expect(await client.two.query()).toBe('two')
  expect(count('refresh')).toBe(2)
})

test('passes other refusals on as they are', async () => {
  server.use(http.get(`${ORIGIN}/trpc/one`, () => HttpResponse.json([refused('credential_refused')])))
  const error: unknown = await browser()()
    .one.query()
    .catch((reason: unknown) => reason)
  expect(errorCodeOf(error)).toBe('credential_refused')
  expect(count('refresh')).toBe(0)
})

test('renews a session even when the clock was set back', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-06-01') })
  try {
    const client = browser()()
    await client.one.query()
    vi.setSystemTime(Date.parse('2026-05-01'))
    api.signedIn = false
    expect(await client.two.query()).toBe('two')
    expect(count('refresh')).toBe(2)
  } finally {
    vi.useRealTimers()
  }
})
