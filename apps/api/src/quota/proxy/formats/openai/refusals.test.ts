/** Which paths are passed on, whose they are, and how refusals look to clients of the OpenAI API. */
import { expect, test } from 'vitest'
import { ask, CHAT, CHAT_BODY, RESPONSES, RESPONSES_BODY } from '../../testing/openai-provider.ts'
import {
  BODY,
  OPENAI_KEY,
  OWN_KEY,
  PLATFORM_KEY,
  SEALED,
  startTestProxy,
  TOKEN,
} from '../../testing/test-proxy.ts'

const bearer = { authorization: `Bearer ${TOKEN}` }
const told = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as object),
})

test('says in the words of this API what is refused', async () => {
  await using proxy = await startTestProxy()
  const nobody = await ask(proxy.url, CHAT, CHAT_BODY, { headers: { authorization: 'Bearer sk-x' } })
  expect(await told(nobody)).toEqual({
    status: 401,
    error: {
      message: expect.stringContaining('OPENAI_API_KEY'),
      ...{ type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
    },
  })
  const unknown = await ask(proxy.url, RESPONSES, { ...RESPONSES_BODY, model: 'gpt-test-1-large' })
  expect(await told(unknown)).toMatchObject({ status: 404, error: { code: 'model_not_found' } })
  const elsewhere = await ask(proxy.url, '/v1/embeddings', {})
  expect(await told(elsewhere)).toMatchObject({ status: 403, error: { code: 'permission_denied' } })
  const wrong = await ask(proxy.url, CHAT, { ...CHAT_BODY, n: 0 })
  expect(await told(wrong)).toMatchObject({
    status: 400,
    error: { message: expect.stringMatching(/^n: /), code: null },
  })
  expect(proxy.provider.received).toEqual([])
})

test('says that credits are used up in a way that clients do not repeat, and that slots are full in one that they do', async () => {
  await using empty = await startTestProxy({ credits: 0n })
  expect(await told(await ask(empty.url, CHAT, CHAT_BODY))).toMatchObject({
    status: 402,
    error: {
      message: expect.stringContaining('https://app.example/credits'),
      ...{ type: 'insufficient_quota', code: 'insufficient_quota' },
    },
  })
  await using full = await startTestProxy({ callsAtOnce: 0 })
  const response = await ask(full.url, RESPONSES, RESPONSES_BODY)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await told(response)).toMatchObject({ status: 429, error: { code: 'rate_limit_exceeded' } })
  await using crowded = await startTestProxy({ limits: { bodyBytesAtOnce: 10, bodyBytesAlways: 10 } })
  expect(await told(await ask(crowded.url, CHAT, CHAT_BODY))).toMatchObject({
    status: 503,
    error: { type: 'server_error', code: 'server_overloaded' },
  })
})

test("keeps a refusal of the platform's key from people", async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer(
    (response) =>
      void response.writeHead(401).end(`{"error":{"message":"Incorrect API key: ${OPENAI_KEY}"}}`),
  )
  const answer = await told(await ask(proxy.url, CHAT, CHAT_BODY))
  expect(answer).toMatchObject({ status: 503, error: { type: 'server_error' } })
  expect(JSON.stringify(answer) + proxy.logged.join('')).not.toContain(OPENAI_KEY)
})

test.each([
  [CHAT, CHAT_BODY, 429, { code: 'insufficient_quota', message: 'check your plan' }],
  ['/v1/messages', BODY, 400, { type: 'x', message: 'Your credit balance is too low to access the API.' }],
])(
  "keeps an empty account of the platform's from people, and tells the operator: %s",
  async (path, body, status, error) => {
    await using proxy = await startTestProxy()
    const text = JSON.stringify({ error })
    proxy.provider.answer((response) => void response.writeHead(status).end(text))
    const response = await ask(proxy.url, path, body)
    expect(await told(response)).toMatchObject({
      status: 503,
      error: { message: expect.stringMatching(/platform's AI key was refused/) },
    })
    await expect.poll(() => proxy.ledger.holds.size).toBe(0)
    expect(proxy.ledger.rows).toEqual([])
    expect(proxy.logged.filter((line) => line.includes('REFUSES'))).toHaveLength(1)
    await using own = await startTestProxy({ caller: { ownKeys: { openai: SEALED, anthropic: SEALED } } })
    own.provider.answer((response) => void response.writeHead(status).end(text))
    expect(await told(await ask(own.url, path, body))).toMatchObject({ status, error })
  },
)

test('passes on that the provider is busy, with its word on when to try again', async () => {
  await using proxy = await startTestProxy()
  const text = '{"error":{"message":"Slow down", "type":"requests","code":"rate_limit_exceeded"}}'
  proxy.provider.answer((response) => void response.writeHead(429, { 'retry-after': '7' }).end(text))
  const response = await ask(proxy.url, CHAT, CHAT_BODY)
  expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
    429,
    '7',
    text,
  ])
})

test.each([
  ['x-api-key', { 'x-api-key': TOKEN }, 'x-api-key', PLATFORM_KEY],
  ['a version', { ...bearer, 'anthropic-version': '2023-06-01' }, 'x-api-key', PLATFORM_KEY],
  ['a bearer token alone', bearer, 'authorization', `Bearer ${OPENAI_KEY}`],
])('lists the models of the API whose clients send %s', async (_, headers, name, key) => {
  await using proxy = await startTestProxy()
  await fetch(`${proxy.url}/v1/models`, { headers })
  expect(proxy.provider.received[0]?.headers[name]).toBe(key)
})

test.each([
  ['GET', '/v1/responses/resp_1'],
  ['DELETE', '/v1/responses/resp_1'],
  ['GET', '/v1/chat/completions?limit=2'],
  ['GET', '/v1/files'],
  ['GET', '/v1/batches'],
  ['GET', '/v1/conversations/conv_1/items'],
])("passes %s %s on with an own key only: all share what the platform's would show", async (method, path) => {
  await using proxy = await startTestProxy()
  const refused = await fetch(`${proxy.url}${path}`, { method, headers: bearer })
  expect(await told(refused)).toMatchObject({ status: 403, error: { code: 'permission_denied' } })
  expect(proxy.provider.received).toEqual([])
  await using own = await startTestProxy({ caller: { ownKeys: { openai: SEALED } } })
  await fetch(`${own.url}${path}`, { method, headers: bearer })
  expect(own.provider.received).toMatchObject([
    { method, url: path, headers: { authorization: `Bearer ${OWN_KEY}` } },
  ])
})

test("lets nobody choose an account of the platform's, and everybody one of their own", async () => {
  const headers = { 'openai-organization': 'org-1', 'openai-project': 'proj_1', 'x-new': 'kept' }
  await using proxy = await startTestProxy()
  await ask(proxy.url, CHAT, CHAT_BODY, { headers })
  expect(proxy.provider.received[0]?.headers).toMatchObject({ 'x-new': 'kept' })
  expect(JSON.stringify(proxy.provider.received[0]?.headers)).not.toMatch(/org-1|proj_1|mosai_/)
  await using own = await startTestProxy({ caller: { ownKeys: { openai: SEALED } } })
  await ask(own.url, CHAT, CHAT_BODY, { headers })
  expect(own.provider.received[0]?.headers).toMatchObject(headers)
})

test('says that the platform has no key where it has none', async () => {
  await using proxy = await startTestProxy({ overrides: { upstreams: {} } })
  expect(await told(await ask(proxy.url, CHAT, CHAT_BODY))).toMatchObject({ status: 403 })
})
