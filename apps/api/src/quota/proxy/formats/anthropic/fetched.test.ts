/** What the provider fetches may be another thing when the call is made than when it was counted. */
import { expect, test } from 'vitest'
import { BODY, post, SEALED, startTestProxy } from '../../testing/test-proxy.ts'
import { told } from '../../testing/told.ts'

const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })
const IMAGE = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }
const PDF = { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }
const FILE = { type: 'file', file_id: 'file_1' }

async function start(options?: Parameters<typeof startTestProxy>[0]) {
  const proxy = await startTestProxy(options)
  proxy.provider.answer(
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER),
  )
  return proxy
}
const bodyOf = (...content: object[]) => ({ ...BODY, messages: [{ role: 'user', content }] })

const inResult = (...content: object[]) => ({ type: 'tool_result', tool_use_id: 't', content })
const inDocument = (...content: object[]) => ({ type: 'document', source: { type: 'content', content } })

test.each([
  ['an image', [IMAGE], 1],
  ["images in a tool's result and in a document", [inResult(IMAGE, IMAGE), inDocument(IMAGE)], 3],
])('holds the most that %s by URL can be, and asks for no count', async (_, content, images) => {
  await using proxy = await start()
  const body = bodyOf(...content)
  expect((await post(proxy.url, body)).status).toBe(200)
  expect(proxy.provider.received.map(({ url }) => url)).toEqual(['/v1/messages'])
  expect(proxy.provider.received[0]?.body.toString()).toBe(JSON.stringify(body))
  const [hold] = proxy.ledger.operations
  const tokens = BigInt(images * 8_192 + JSON.stringify(body).length)
  // The region of the workspace may make it a tenth dearer.
  expect(hold?.kind === 'hold' && hold.amount).toBeGreaterThanOrEqual(tokens * 1_000n)
})

const UNSERVED = [
  ['a document by URL', PDF, /document by its URL/],
  ['an image by id', { type: 'image', source: FILE }, /file by its id/],
  ['a document by id', { type: 'document', source: FILE }, /file by its id/],
  ['a file for a container', { type: 'container_upload', file_id: 'file_1' }, /file by its id/],
  ['a source that nobody here knows', { type: 'image', source: { type: 'new' } }, /source of this kind/],
] as const

test.each(UNSERVED)("refuses %s on the platform's key, and says what to do", async (_, block, what) => {
  await using proxy = await start()
  for (const content of [block, inResult(block), inDocument(block)]) {
    const answer = await told(await post(proxy.url, bodyOf(content)))
    expect(answer).toMatchObject({ status: 400, kind: 'invalid_request_error' })
    expect(answer.message).toMatch(what)
    expect(answer.message).toMatch(/inside the request \(base64\), or set a key of your own/)
  }
  expect(proxy.provider.received).toEqual([])
  expect(proxy.ledger.operations).toEqual([])
})

test('passes all of it on an own key', async () => {
  await using proxy = await start({ caller: { ownKeys: { anthropic: SEALED } } })
  const bodies = [IMAGE, ...UNSERVED.map(([, block]) => block)].map((block) => bodyOf(block))
  for (const body of bodies) expect((await post(proxy.url, body)).status).toBe(200)
  expect(proxy.provider.received.map(({ body }) => body.toString())).toEqual(
    bodies.map((body) => JSON.stringify(body)),
  )
})
