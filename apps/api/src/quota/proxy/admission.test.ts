/** What fits, what is counted first, and what is cut down. */
import { expect, test } from 'vitest'
import type { FakeProvider } from './testing/fake-provider.ts'
import { BODY, post, startTestProxy } from './testing/test-proxy.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

function answerCount(provider: FakeProvider, count: number | { status: number; body: string }) {
  provider.answer((response, { url }) => {
    if (!url.startsWith('/v1/messages/count_tokens'))
      return void response.writeHead(200, JSON_TYPE).end(ANSWER)
    if (typeof count !== 'number') return void response.writeHead(count.status, JSON_TYPE).end(count.body)
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ input_tokens: count }))
  })
}
const kinds = (proxy: Awaited<ReturnType<typeof startTestProxy>>) =>
  proxy.ledger.operations.map((one) => (one.kind === 'hold' ? `${one.kind} ${one.state}` : one.kind))

test('holds what the bytes bound, without asking, where that fits', async () => {
  await using proxy = await startTestProxy()
  answerCount(proxy.provider, 1)
  expect((await post(proxy.url)).status).toBe(200)
  expect(proxy.provider.received).toHaveLength(1)
  await expect.poll(() => kinds(proxy)).toEqual(['hold dispatched', 'settle'])
})

test("asks for the tokens of images, and holds by the provider's count", async () => {
  await using proxy = await startTestProxy()
  answerCount(proxy.provider, 1_000)
  const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' }
  const body = {
    ...BODY,
    metadata: { user_id: 'x' },
    messages: [{ role: 'user', content: [{ type: 'image', source }] }],
  }
  expect((await post(proxy.url, body)).status).toBe(200)
  const [count, call] = proxy.provider.received
  expect(count?.url).toBe('/v1/messages/count_tokens')
  expect(JSON.parse(String(count?.body))).toEqual({ model: BODY.model, messages: body.messages })
  expect(call?.body.toString()).toBe(JSON.stringify(body))
  await expect.poll(() => kinds(proxy)).toEqual(['hold reserved', 'dispatch', 'settle'])
  const dispatched = proxy.ledger.operations.find(({ kind }) => kind === 'dispatch')
  // 1,000 tokens and their margin at 1,000 nano-USD, 100 of output at 5,000.
  expect(dispatched?.kind === 'dispatch' && dispatched.amount).toBeGreaterThan(1_500_000n)
  expect(dispatched?.kind === 'dispatch' && dispatched.amount).toBeLessThan(4_000_000n)
})

test('asks where the bytes bound too much, and leaves the call as it is if the count fits', async () => {
  await using proxy = await startTestProxy({ credits: 5_000_000n })
  answerCount(proxy.provider, 100)
  const body = { ...BODY, messages: [{ role: 'user', content: 'x'.repeat(20_000) }] }
  const response = await post(proxy.url, body)
  expect(response.status).toBe(200)
  expect(response.headers.has('x-credits-max-tokens')).toBe(false)
  expect(proxy.provider.received[1]?.body.toString()).toBe(JSON.stringify(body))
})

test('cuts the only call down to what is left, changes nothing but that number, and says so', async () => {
  await using proxy = await startTestProxy({ credits: 10_000_000n })
  answerCount(proxy.provider, 100)
  const body = `{ "model":"claude-test-1","messages":[{"role":"user","content":"max_tokens: 32000 \\u00fc"}],\n  "max_tokens" : 32000 , "x":1}`
  const response = await post(proxy.url, body)
  expect(response.status).toBe(200)
  const clamped = Number(response.headers.get('x-credits-max-tokens'))
  expect(clamped).toBeGreaterThan(1_000)
  expect(clamped * 5_000).toBeLessThan(10_000_000)
  expect(proxy.provider.received[1]?.body.toString()).toBe(body.replace(': 32000 ,', `: ${clamped} ,`))
})

test('cuts nothing down while another call is in flight, and says that it may fit later', async () => {
  await using proxy = await startTestProxy({ credits: 10_000_000n })
  answerCount(proxy.provider, 100)
  await proxy.ledger.books.run({
    ...{ kind: 'hold', id: 'aic_other', userId: 'usr_1', instanceId: 'ins_1', provider: 'anthropic' },
    ...{ model: 'claude-test-1', payer: 'platform', state: 'dispatched', proxyId: 'other' },
    ...{ amount: 5_000_000n, least: 5_000_000n },
    allowance: { credits: 0n, period: 'once', callsAtOnce: 5, callsPerMinute: 60 },
  })
  const response = await post(proxy.url, { ...BODY, max_tokens: 32_000 })
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('2')
  await expect.poll(() => [...proxy.ledger.holds.keys()]).toEqual(['aic_other'])
})

test('refuses with 402 when not even a short answer fits', async () => {
  await using proxy = await startTestProxy({ credits: 1_000n })
  answerCount(proxy.provider, 100)
  expect((await post(proxy.url)).status).toBe(402)
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
})

test('passes on what the provider says is wrong when it counts, and charges nothing', async () => {
  await using proxy = await startTestProxy()
  answerCount(proxy.provider, { status: 400, body: '{"error":{"message":"image is \\"broken\\""}}' })
  const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' }
  const body = { ...BODY, messages: [{ role: 'user', content: [{ type: 'image', source }] }] }
  const response = await post(proxy.url, body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { message: 'image is "broken"' } })
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
})

test('falls back on the bytes when the provider is too busy to count', async () => {
  await using proxy = await startTestProxy({ credits: 10_000_000n })
  answerCount(proxy.provider, { status: 529, body: '{}' })
  const response = await post(proxy.url, { ...BODY, max_tokens: 32_000 })
  expect(response.status).toBe(200)
  expect(response.headers.has('x-credits-max-tokens')).toBe(true)
})

test('lets edits of the context pass that only take away from it', async () => {
  await using proxy = await startTestProxy()
  answerCount(proxy.provider, 1)
  const edits = [{ type: 'clear_tool_uses_20250919' }, { type: 'clear_thinking_20251015' }]
  expect((await post(proxy.url, { ...BODY, context_management: { edits } })).status).toBe(200)
})
