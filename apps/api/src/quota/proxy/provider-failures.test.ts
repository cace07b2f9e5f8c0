/** What people are told, and charged, when the provider fails. */
import { expect, test } from 'vitest'
import { OWN_KEY, post, SEALED, startTestProxy } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

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
