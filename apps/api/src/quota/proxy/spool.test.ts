/** Bodies of requests: what one instance keeps from the others by sending much, and never all of it. */
import { expect, test } from 'vitest'
import { sha256 } from '../../keys.ts'
import { BODY, CALLER, post, startTestProxy } from './testing/test-proxy.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

test('takes the usual requests of an instance, however much others have sent and never finish', async () => {
  await using proxy = await startTestProxy({
    limits: { bodyBytesAtOnce: 1_000_000, bodyBytesAlways: 200_000 },
  })
  proxy.ledger.callers.set(sha256('mosai_hog'), { ...CALLER, userId: 'usr_2', instanceId: 'ins_2' })
  proxy.provider.answer((response) => void response.writeHead(200, JSON_TYPE).end(ANSWER))
  const leaving = new AbortController()
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(990_000).fill(32)),
  })
  const hog = fetch(`${proxy.url}/v1/messages`, {
    ...({ method: 'POST', body: endless, duplex: 'half', signal: leaving.signal } as const),
    headers: { 'x-api-key': 'mosai_hog' },
  }).catch(() => null)
  const padded = (bytes: number) => JSON.stringify({ ...BODY, padding: 'x'.repeat(bytes) })
  await expect.poll(async () => (await post(proxy.url, padded(300_000))).status).toBe(529)
  expect((await post(proxy.url, padded(115_000))).status).toBe(200)
  // Of each so much, not of each request.
  const { promise, resolve } = Promise.withResolvers<void>()
  proxy.provider.answer(async (response) => {
    await promise
    response.writeHead(200, JSON_TYPE).end(ANSWER)
  })
  const before = proxy.provider.received.length
  const first = post(proxy.url, padded(115_000))
  await expect.poll(() => proxy.provider.received.length).toBe(before + 1)
  expect((await post(proxy.url, padded(115_000))).status).toBe(529)
  resolve()
  expect((await first).status).toBe(200)
  leaving.abort()
  await hog
})
