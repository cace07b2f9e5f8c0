/** Whose requests are let in. */
import { expect, test } from 'vitest'
import { BODY, post, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

test.each([
  ['no token', {}],
  ['a wrong one', { 'x-api-key': 'mosai_other' }],
  ["a provider's key", { 'x-api-key': 'sk-ant-something' }],
  ['another scheme', { authorization: `Basic ${TOKEN}` }],
])('refuses %s', async (_, headers) => {
  await using proxy = await startTestProxy()
  const response = await post(proxy.url, BODY, { headers: { 'x-api-key': '', ...headers } })
  expect(await told(response)).toMatchObject({ status: 401, type: 'error', kind: 'authentication_error' })
  expect(proxy.provider.received).toEqual([])
})

test("refuses a token that another instance's address sends, and tells one without an address to wait", async () => {
  await using foreign = await startTestProxy({ caller: { host: '10.1.2.3' } })
  expect((await post(foreign.url)).status).toBe(401)
  await using starting = await startTestProxy({ caller: { host: null } })
  const response = await post(starting.url)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  await using alike = await startTestProxy({ caller: { host: null }, overrides: { checksAddress: false } })
  expect((await post(alike.url)).status).toBe(200)
})

test('asks for a token once for many requests at once, and forgets it within seconds', async () => {
  let now = 1_000
  const clock = { now: () => now, monotonic: () => now, random: (bytes: number) => new Uint8Array(bytes) }
  await using proxy = await startTestProxy({ overrides: { clock } })
  const budget = () => fetch(`${proxy.url}/budget`, { headers: { 'x-api-key': TOKEN } })
  await Promise.all(Array.from({ length: 20 }, budget))
  expect(proxy.ledger.lookUps()).toBe(1)
  proxy.ledger.callers.clear()
  expect((await budget()).status).toBe(200)
  now += 3_001
  expect((await budget()).status).toBe(401)
})
