/** What takes long to parse is refused before it is parsed: meanwhile nobody else would be served. */
import { expect, test, vi } from 'vitest'
import { sha256 } from '../../keys.ts'
import { createParsing } from './parsing.ts'
import { BODY, CALLER, post, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })
const withMembers = (count: number) =>
  JSON.stringify({
    ...BODY,
    metadata: Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 1])),
  })

test.each(['/v1/messages', '/v1/chat/completions', '/v1/responses'])(
  'refuses a body with too many values at %s, valid or not',
  async (path) => {
    await using proxy = await startTestProxy({ limits: { valuesOfBody: 1_000 } })
    for (const body of [withMembers(1_001), '[['.repeat(600)]) {
      const init = { method: 'POST', body, headers: { authorization: 'Bearer mosai_test' } }
      proxy.ledger.callers.set(sha256('mosai_test'), CALLER)
      expect((await fetch(`${proxy.url}${path}`, init)).status).toBe(413)
    }
    expect(proxy.ledger.operations).toEqual([])
  },
)

test('parses so much of one instance in a minute, and goes on with the others', async () => {
  await using proxy = await startTestProxy({ limits: { parsedPerMinute: 500_000 } })
  proxy.ledger.callers.set(sha256('mosai_other'), { ...CALLER, userId: 'usr_2', instanceId: 'ins_2' })
  proxy.provider.answer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
  })
  const statuses = []
  for (let sent = 0; sent < 4; sent++) statuses.push((await post(proxy.url, withMembers(400))).status)
  expect(statuses).toEqual([200, 200, 429, 429])
  const refused = await post(proxy.url)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await told(refused)).toMatchObject({ status: 429, kind: 'rate_limit_error' })
  // Before its body has come.
  const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) })
  const init = { method: 'POST', body: endless, duplex: 'half', headers: { 'x-api-key': TOKEN } } as const
  expect((await fetch(`${proxy.url}/v1/messages`, init)).status).toBe(429)
  const other = await post(proxy.url, BODY, { headers: { 'x-api-key': 'mosai_other' } })
  expect(other.status).toBe(200)
})

test('does not even look at what was on its way when the share was used up', async () => {
  const parsing = createParsing({ parsedPerMinute: 1_000, valuesOfBody: 100 })
  const bodies = Array.from({ length: 3 }, () => Buffer.from(`"${'x'.repeat(1_200)}"`))
  const looks = bodies.map((body) => vi.spyOn(body, 'indexOf'))
  for (const body of bodies) {
    await expect(parsing.take('ins_1', body)).rejects.toMatchObject({ type: 'rate_limit_error' })
  }
  expect(looks.map((look) => look.mock.calls.length > 0)).toEqual([true, false, false])
})
