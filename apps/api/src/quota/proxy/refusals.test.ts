/** What is passed on and what is refused, and what people are told then. */
import { get } from 'node:http'
import { expect, test } from 'vitest'
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
