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

const askWith = (url: string, token: string) => fetch(`${url}/budget`, { headers: { 'x-api-key': token } })
const wrongOnes = (count: number, name = 'wrong') =>
  Array.from({ length: count }, (_, index) => `mosai_${name}${index}`)

test.each([
  ['by its address', {}],
  ['as one where addresses say nothing', { checksAddress: false }],
])(
  'asks for so many unknown tokens of a caller, counted %s, and then refuses without asking',
  async (_, overrides) => {
    await using proxy = await startTestProxy({ limits: { wrongTokensPerMinute: 5 }, overrides })
    const { url, ledger } = proxy
    // All at once: none is let in because the others' answers are not there yet.
    const answers = await Promise.all(wrongOnes(40).map((token) => askWith(url, token)))
    expect(ledger.lookUps()).toBe(5)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(35)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await told(refused[0] ?? Response.error())).toMatchObject({
      ...{
        status: 429,
        type: 'error',
        kind: 'rate_limit_error',
        message: expect.stringMatching(/wrong AI tokens/),
      },
      id: expect.stringMatching(/^aic_/),
    })
    expect(ledger.lookUps()).toBe(5)
  },
)

test('serves a token that was good all along, however many wrong ones come from its address', async () => {
  let now = 1_000
  const clock = { now: () => now, monotonic: () => now, random: (bytes: number) => new Uint8Array(bytes) }
  await using proxy = await startTestProxy({ limits: { wrongTokensPerMinute: 2 }, overrides: { clock } })
  const { url, ledger } = proxy
  for (let round = 0; round < 10; round++) {
    expect((await askWith(url, TOKEN)).status).toBe(200)
    now += 3_001
  }
  await Promise.all(wrongOnes(20).map((token) => askWith(url, token)))
  const before = ledger.lookUps()
  for (let round = 0; round < 3; round++) {
    expect((await askWith(url, TOKEN)).status).toBe(200)
    now += 3_001
  }
  expect(ledger.lookUps()).toBe(before + 3)
  // Also when the books were away for a moment.
  ledger.fail(1)
  expect((await askWith(url, TOKEN)).status).toBe(503)
  ledger.fail(0)
  expect((await askWith(url, TOKEN)).status).toBe(200)
  ledger.callers.clear()
  now += 3_001
  expect((await askWith(url, TOKEN)).status).toBe(401)
  now += 1_001
  expect((await askWith(url, TOKEN)).status).toBe(429)
})

test('counts no token against its address when the books could not say whose it is', async () => {
  await using proxy = await startTestProxy({ limits: { wrongTokensPerMinute: 2 } })
  const { url, ledger } = proxy
  ledger.fail(1)
  for (const token of wrongOnes(6)) expect((await askWith(url, token)).status).toBe(503)
  ledger.fail(0)
  expect((await askWith(url, 'mosai_wrong')).status).toBe(401)
})
