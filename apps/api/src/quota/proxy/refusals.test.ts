/** What is passed on and what is refused, and what people are told then. */
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { delta, SSE, start, stop } from './testing/fake-provider.ts'
import { BODY, OWN_KEY, PLATFORM_KEY, post, SEALED, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWER = JSON.stringify({ model: 'claude-test-1', usage: { input_tokens: 10, output_tokens: 2 } })

test.each([
  ['POST', '/v1/complete'],
  ['POST', '/v1/messages/'],
  ['POST', '//v1/messages'],
  ['POST', '/v1/%6dessages'],
  ['GET', '/v1/messages'],
  ['GET', '/v1/organizations/api_keys'],
  ['DELETE', '/v1/models/x'],
  ['GET', '/v1/models/../files'],
])('passes %s %s on to nobody', async (method, path) => {
  await using proxy = await startTestProxy({ caller: { ownKeys: { anthropic: SEALED } } })
  const { request } = await import('node:http')
  const status = await new Promise((resolve) => {
    const { hostname, port } = new URL(proxy.url)
    request({ hostname, port, method, path, headers: { 'x-api-key': TOKEN } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  expect(status).toBe(403)
  expect(proxy.provider.received).toEqual([])
})

test('keeps what the platform shares apart: batches and files go with an own key only', async () => {
  await using proxy = await startTestProxy()
  for (const path of ['/v1/files', '/v1/messages/batches', '/v1/messages/batches/b_1/results']) {
    const response = await fetch(`${proxy.url}${path}`, { headers: { 'x-api-key': TOKEN } })
    expect(await told(response)).toMatchObject({ status: 403, kind: 'permission_error' })
  }
  expect(proxy.provider.received).toEqual([])
  await using own = await startTestProxy({ caller: { ownKeys: { anthropic: SEALED } } })
  await fetch(`${own.url}/v1/files?limit=2`, { headers: { 'x-api-key': TOKEN } })
  expect(own.provider.received).toMatchObject([
    { url: '/v1/files?limit=2', headers: { 'x-api-key': OWN_KEY } },
  ])
})

test('swaps the token for the key, and shows neither side what is not its own', async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer(
    (response) =>
      void response
        .writeHead(200, {
          ...{ ...JSON_TYPE, 'set-cookie': '__cf=1', 'anthropic-organization-id': 'org', 'alt-svc': 'h3' },
          ...{ 'anthropic-ratelimit-requests-remaining': '9', 'request-id': 'req_9', 'x-new': 'kept' },
        })
        .end(ANSWER),
  )
  const headers = {
    ...{
      authorization: `Bearer ${TOKEN}`,
      'x-api-key': 'stale',
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
    },
    ...{ 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b', 'x-stainless-lang': 'js' },
    ...{ 'accept-encoding': 'gzip, br' },
  }
  const response = await fetch(`${proxy.url}/v1/messages?beta=true&x=%20`, {
    ...{ method: 'POST', body: JSON.stringify(BODY), headers },
  })
  expect(response.status).toBe(200)
  const [sent] = proxy.provider.received
  expect(sent?.url).toBe('/v1/messages?beta=true&x=%20')
  expect(sent?.headers).toMatchObject({
    ...{ 'x-api-key': PLATFORM_KEY, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' },
    ...{ 'x-stainless-lang': 'js', 'accept-encoding': 'identity' },
  })
  expect(JSON.stringify(sent?.headers)).not.toMatch(/mosai_|stale|a=b|1\.2\.3\.4/)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...{ 'anthropic-ratelimit-requests-remaining': '9', 'request-id': 'req_9', 'x-new': 'kept' },
  })
  for (const name of ['set-cookie', 'anthropic-organization-id', 'alt-svc'])
    expect(response.headers.has(name)).toBe(false)
  expect(proxy.logged.join('')).not.toMatch(/mosai_|sk-ant/)
})

test.each([400, 404, 429, 500, 529])('passes %i on as it is, and charges nothing', async (status) => {
  await using proxy = await startTestProxy()
  const body = `{"type":"error",  "error":{"type":"x","message":"${status}"}}`
  proxy.provider.answer(
    (response) => void response.writeHead(status, { ...JSON_TYPE, 'retry-after': '7' }).end(body),
  )
  const response = await post(proxy.url)
  expect(response.status).toBe(status)
  expect(response.headers.get('retry-after')).toBe('7')
  expect(await response.text()).toBe(body)
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
  expect(proxy.ledger.rows).toEqual([])
})

test.each([401, 402, 403])(
  "keeps a %i about the platform's key from people, and tells the operator once",
  async (status) => {
    await using proxy = await startTestProxy()
    proxy.provider.answer(
      (response) => void response.writeHead(status, JSON_TYPE).end('{"error":"sk-ant-the-platforms"}'),
    )
    for (let i = 0; i < 2; i++) {
      const answer = await told(await post(proxy.url))
      expect(answer).toMatchObject({ status: 503, kind: 'api_error' })
      expect(answer.message).toMatch(/platform's AI key was refused/)
    }
    await expect.poll(() => proxy.ledger.holds.size).toBe(0)
    expect(proxy.logged.filter((line) => line.includes('REFUSES'))).toHaveLength(1)
  },
)

test('passes a 401 about an own key on, and notes it', async () => {
  await using proxy = await startTestProxy({ caller: { ownKeys: { anthropic: SEALED } } })
  proxy.provider.answer((response) => void response.writeHead(401, JSON_TYPE).end('{"error":{}}'))
  expect((await post(proxy.url)).status).toBe(401)
  expect(proxy.refusedOwnKeys).toEqual(['usr_1'])
  expect(proxy.provider.received[0]?.headers['x-api-key']).toBe(OWN_KEY)
})

test('says that the provider cannot be reached, and charges nothing', async () => {
  await using proxy = await startTestProxy({ providerUrl: 'http://127.0.0.1:1' })
  const response = await post(proxy.url)
  expect(await told(response)).toMatchObject({ status: 503, kind: 'api_error' })
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
  expect(proxy.ledger.rows).toEqual([])
})

test('charges the hold when the provider took a request and never answered it', async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => void response.destroy())
  expect(await told(await post(proxy.url))).toMatchObject({ status: 503, kind: 'api_error' })
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated', httpStatus: null }])
})

test.each([200, 500])('says so when a whole answer with %i breaks off before its end', async (status) => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => {
    const headers = { ...JSON_TYPE, 'content-length': 1_000 }
    response.writeHead(status, headers).write('{', () => response.destroy())
  })
  expect(await told(await post(proxy.url))).toMatchObject({ status: 503, kind: 'api_error' })
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
  expect(proxy.ledger.rows.map((row) => row.status)).toEqual(status === 200 ? ['estimated'] : [])
})

test('says what to do when credits are used up, when slots are full and when the model has no price', async () => {
  await using empty = await startTestProxy({ credits: 0n })
  const exhausted = await told(await post(empty.url))
  expect(exhausted).toMatchObject({ status: 402, kind: 'billing_error' })
  expect(exhausted.message).toContain('https://app.example/credits')
  await using full = await startTestProxy({ callsAtOnce: 0 })
  const response = await post(full.url)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await told(response)).toMatchObject({ status: 429, kind: 'rate_limit_error' })
  const unknown = await told(await post(full.url, { ...BODY, model: 'claude-test-1-large' }))
  expect(unknown).toMatchObject({ status: 404, kind: 'not_found_error' })
  for (const proxy of [empty, full])
    expect(proxy.provider.received.filter(({ url }) => !url.includes('count'))).toEqual([])
})

test('serves a model without a price on an own key, and counts no cost', async () => {
  await using proxy = await startTestProxy({ credits: 0n, caller: { ownKeys: { anthropic: SEALED } } })
  proxy.provider.answer(
    (response) => void response.writeHead(200, JSON_TYPE).end(ANSWER.replace('test-1', 'new')),
  )
  expect((await post(proxy.url, { ...BODY, model: 'claude-new' })).status).toBe(200)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ payer: 'own', cost: 0n, model: 'claude-new' }])
})

test('refuses messages that are nested without end', async () => {
  await using proxy = await startTestProxy()
  const depth = 40_000
  const content = `${'[{"content":'.repeat(depth)}1${'}]'.repeat(depth)}`
  const body = `{"model":"claude-test-1","max_tokens":1,"messages":[{"role":"user","content":${content}}]}`
  expect(await told(await post(proxy.url, body))).toMatchObject({
    status: 400,
    kind: 'invalid_request_error',
  })
  expect(proxy.ledger.operations).toEqual([])
})

test.each([
  ['no JSON', '{"model":', 400, 'invalid_request_error'],
  ['no request', '{"model":"claude-test-1"}', 400, 'invalid_request_error'],
  ['a model that no text holds', JSON.stringify({ ...BODY, model: 'a\0b' }), 400, 'invalid_request_error'],
  [
    'two models',
    '{"model":"claude-test-1","max_tokens":1,"messages":[],"model":"claude-test-1"}',
    400,
    'invalid_request_error',
  ],
  ['fallbacks', JSON.stringify({ ...BODY, fallbacks: [{ model: 'dear' }] }), 400, 'invalid_request_error'],
  [
    'compaction by the provider',
    JSON.stringify({ ...BODY, context_management: { edits: [{ type: 'compact_20260112' }] } }),
    400,
    'invalid_request_error',
  ],
  ['a NUL in the model', JSON.stringify({ ...BODY, model: 'a\u0000b' }), 400, 'invalid_request_error'],
])('refuses %s', async (_, body, status, kind) => {
  await using proxy = await startTestProxy()
  expect(await told(await post(proxy.url, body))).toMatchObject({ status, kind })
  expect(proxy.provider.received).toEqual([])
  expect(proxy.ledger.operations).toEqual([])
})

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

test.each(['/v1/models/..', '/v1/models/.'])(
  'passes no %s on, which a server may take for another path',
  async (path) => {
    await using proxy = await startTestProxy()
    const { port } = new URL(proxy.url)
    // As it is written: `fetch` would resolve it.
    const status = await new Promise((resolve, reject) =>
      get({ host: '127.0.0.1', port, path, headers: { 'x-api-key': TOKEN } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject),
    )
    expect(status).toBe(403)
    expect(proxy.provider.received).toEqual([])
  },
)

test('refuses names of members that another reader may see otherwise', async () => {
  await using proxy = await startTestProxy()
  const body = Buffer.from(JSON.stringify({ ...BODY, 'max_\u00fftokens': 9 }), 'latin1')
  expect(await told(await post(proxy.url, BODY, { body }))).toMatchObject({ status: 400 })
  expect(proxy.provider.received).toEqual([])
})
