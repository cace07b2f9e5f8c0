import { expect, test } from 'vitest'
import { delta, SSE, start, stop, text } from './testing/fake-provider.ts'
import { BODY, PLATFORM_KEY, post, startTestProxy, TOKEN } from './testing/test-proxy.ts'

test('streams a call through, and settles it on what the provider says it used', async () => {
  await using proxy = await startTestProxy()
  const answer = start() + text('Grüße 😀') + delta() + stop()
  proxy.provider.answer((response) => void response.writeHead(200, SSE).end(answer))
  const response = await post(proxy.url, { ...BODY, stream: true })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe(answer)
  await expect
    .poll(() => proxy.ledger.rows)
    .toMatchObject([
      {
        ...{
          status: 'settled',
          model: 'claude-test-1',
          cost: 200_000n,
          providerRequestId: 'req_1',
          httpStatus: 200,
        },
        usage: { input: 100, output: 20 },
      },
    ])
  expect(proxy.ledger.holds.size).toBe(0)
  const [request] = proxy.provider.received
  expect(request?.body.toString()).toBe(JSON.stringify({ ...BODY, stream: true }))
  expect(request?.headers['x-api-key']).toBe(PLATFORM_KEY)
})

test('answers a call that is no stream with what it cost', async () => {
  await using proxy = await startTestProxy()
  const answer = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })
  proxy.provider.answer(
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(answer),
  )
  const response = await post(proxy.url)
  expect(await response.text()).toBe(answer)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-credits-cost-usd': '0.00002',
    'x-credits-spent-usd': '0.00002',
    'x-credits-held-usd': '0.00',
  })
  await expect
    .poll(() => proxy.ledger.rows)
    .toMatchObject([{ cost: 20_000n, status: 'settled', firstTokenMs: null }])
})

test('answers HEAD / and GET /health without a token, and /budget with one', async () => {
  await using proxy = await startTestProxy()
  expect((await fetch(proxy.url, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${proxy.url}/health`)).status).toBe(200)
  expect((await fetch(`${proxy.url}/budget`)).status).toBe(401)
  const response = await fetch(`${proxy.url}/budget`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(await response.json()).toEqual({
    ...{ limit_usd: '5.00', spent_usd: '0.00', held_usd: '0.00', remaining_usd: '5.00' },
    ...{ period_ends_at: null, alert: null },
  })
})

test.each(['a\u0000b', 'x'.repeat(600)])(
  'settles under the name that was asked for where the provider says none that can be kept',
  async (model) => {
    await using proxy = await startTestProxy()
    const answer = { model, usage: { input_tokens: 10, output_tokens: 2 } }
    proxy.provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
    expect((await post(proxy.url)).status).toBe(200)
    const settled = () => proxy.ledger.operations.find(({ kind }) => kind === 'settle')
    await expect.poll(settled).toMatchObject({ model: BODY.model, status: 'settled' })
  },
)
