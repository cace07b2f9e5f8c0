/** Whose bodies may take how much memory while they arrive. */
import { expect, test } from 'vitest'
import { sha256 } from '../../keys.ts'
import { BODY, CALLER, post, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

test("keeps one person's bodies from taking the room of all", async () => {
  await using proxy = await startTestProxy({ limits: { bodyBytesOfOne: 1_000, bodyBytesAtOnce: 1_500 } })
  proxy.ledger.callers.set(sha256('mosai_other'), { ...CALLER, userId: 'usr_2', instanceId: 'ins_2' })
  proxy.provider.answer((response) => void response.writeHead(200, JSON_TYPE).end(ANSWER))
  const { promise: waits, resolve: letEnd } = Promise.withResolvers<void>()
  const slow = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(`{"padding":"${'x'.repeat(800)}`))
      await waits
      controller.close()
    },
  })
  const init = { method: 'POST', body: slow, duplex: 'half', headers: { 'x-api-key': TOKEN } } as const
  const underWay = fetch(`${proxy.url}/v1/messages`, init)
  const padded = { ...BODY, messages: [{ role: 'user', content: 'x'.repeat(400) }] }
  await expect
    .poll(async () => told(await post(proxy.url, padded)))
    .toMatchObject({ status: 429, kind: 'rate_limit_error' })
  const others = { headers: { 'x-api-key': 'mosai_other' } }
  expect((await post(proxy.url, padded, others)).status).toBe(200)
  letEnd()
  await underWay
})
