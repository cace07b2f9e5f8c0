/** What bounds a call besides credits, and what becomes of it while the books are away. */
import { expect, test } from 'vitest'
import { delta, SSE, start, stop } from './testing/fake-provider.ts'
import { BODY, post, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

test('bounds bodies in size, in time and all together', async () => {
  await using small = await startTestProxy({ limits: { bodyBytes: 1_048_576 } })
  const large = JSON.stringify({ ...BODY, padding: 'x'.repeat(1_048_576) })
  expect(await told(await post(small.url, large))).toMatchObject({ status: 413, kind: 'request_too_large' })
  await using greedy = await startTestProxy({ limits: { bodyBytesOfOne: 10 } })
  expect(await told(await post(greedy.url))).toMatchObject({ status: 429, kind: 'rate_limit_error' })
  await using crowded = await startTestProxy({ limits: { bodyBytesAtOnce: 10, bodyBytesAlways: 10 } })
  expect(await told(await post(crowded.url))).toMatchObject({ status: 529, kind: 'overloaded_error' })
  await using hasty = await startTestProxy({ limits: { bodyMs: 1 } })
  const slow = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
  })
  const init = { method: 'POST', body: slow, duplex: 'half', headers: { 'x-api-key': TOKEN } } as const
  expect((await fetch(`${hasty.url}/v1/messages`, init)).status).toBe(408)
})

test('limits requests of an instance under way, and those that cost nothing', async () => {
  await using proxy = await startTestProxy({ limits: { requestsAtOnce: 1 } })
  const { promise, resolve } = Promise.withResolvers<void>()
  proxy.provider.answer(async (response) => {
    await promise
    response.writeHead(200, JSON_TYPE).end(ANSWER)
  })
  const first = post(proxy.url)
  await expect.poll(() => proxy.provider.received.length).toBe(1)
  expect((await post(proxy.url)).status).toBe(429)
  resolve()
  expect((await first).status).toBe(200)
  await using busy = await startTestProxy({ limits: { freeCallsPerMinute: 1 } })
  const models = () => fetch(`${busy.url}/v1/models`, { headers: { 'x-api-key': TOKEN } })
  expect([(await models()).status, (await models()).status]).toEqual([200, 429])
  expect(busy.ledger.operations).toEqual([])
})

test('answers 503 while the books are away, and takes back a hold that may have been written', async () => {
  await using proxy = await startTestProxy()
  expect((await fetch(`${proxy.url}/budget`, { headers: { 'x-api-key': TOKEN } })).status).toBe(200)
  proxy.ledger.fail(2)
  const response = await post(proxy.url)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await told(response)).toMatchObject({ status: 503, kind: 'overloaded_error' })
  await expect
    .poll(() => proxy.ledger.operations.map(({ kind }) => kind))
    .toEqual(['hold', 'release', 'release'])
  expect(proxy.provider.received).toEqual([])
})

test('goes on with a stream while the books are away, and settles when they are back', async () => {
  await using proxy = await startTestProxy()
  const answer = start() + delta() + stop()
  proxy.provider.answer((response) => {
    proxy.ledger.fail(3)
    response.writeHead(200, SSE).end(answer)
  })
  expect(await (await post(proxy.url, { ...BODY, stream: true })).text()).toBe(answer)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'settled', cost: 200_000n }])
})
