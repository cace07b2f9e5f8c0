/** What a caller wants one call to cost at most: cut down to that, or refused, whoever pays. */
import { expect, test } from 'vitest'
import type { FakeProvider } from './testing/fake-provider.ts'
import { BODY, post, startTestProxy } from './testing/test-proxy.ts'

const LIMIT = 'x-credits-limit-usd'
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

const answer = (provider: FakeProvider) =>
  provider.answer((response, { url }) => {
    const isCount = url.startsWith('/v1/messages/count_tokens')
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(isCount ? JSON.stringify({ input_tokens: 100 }) : ANSWER)
  })

const call = (url: string, limit: string, body: object = BODY) =>
  post(url, body, { headers: { [LIMIT]: limit } })

test('cuts a call down to its own limit, and holds no more than that', async () => {
  await using proxy = await startTestProxy()
  answer(proxy.provider)
  const response = await call(proxy.url, '0.01', { ...BODY, max_tokens: 32_000 })
  expect(response.status).toBe(200)
  const clamped = Number(response.headers.get('x-credits-max-tokens'))
  expect(clamped).toBeGreaterThan(1_000)
  expect(clamped * 5_000).toBeLessThan(10_000_000)
  const dispatched = proxy.ledger.operations.find(({ kind }) => kind === 'dispatch')
  expect(dispatched).toMatchObject({ amount: 10_000_000n })
  const sent = proxy.provider.received.at(-1)
  expect(JSON.parse(String(sent?.body))).toMatchObject({ max_tokens: clamped })
  expect(sent?.headers).not.toHaveProperty(LIMIT)
})

test('leaves a call alone that fits', async () => {
  await using proxy = await startTestProxy()
  answer(proxy.provider)
  const response = await call(proxy.url, '0.01')
  expect(response.status).toBe(200)
  expect(response.headers.has('x-credits-max-tokens')).toBe(false)
  expect(proxy.provider.received).toHaveLength(1)
})

test.each([
  ['where not even a short answer fits', '0.000001', 402],
  ['where it is no amount', 'much', 400],
])('refuses a call %s, and holds nothing', async (_, limit, status) => {
  await using proxy = await startTestProxy()
  answer(proxy.provider)
  expect((await call(proxy.url, limit)).status).toBe(status)
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
})
