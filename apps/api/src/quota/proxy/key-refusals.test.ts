/** An empty account is the operator's affair, on whichever way the provider tells of it. */
import { expect, test } from 'vitest'
import { BODY, post, SEALED, startTestProxy, TOKEN } from './testing/test-proxy.ts'
import { told } from './testing/told.ts'

const EMPTY = JSON.stringify({
  error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
})
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
const COUNT = {
  ...{ method: 'POST', headers: { 'x-api-key': TOKEN } },
  body: JSON.stringify({ model: 'claude-test-1', messages: [] }),
}

const startEmpty = async (options: Parameters<typeof startTestProxy>[0] = {}) => {
  const proxy = await startTestProxy(options)
  proxy.provider.answer(
    (response) => void response.writeHead(400, { 'content-type': 'application/json' }).end(EMPTY),
  )
  return proxy
}
const refusals = (logged: readonly string[]) => logged.filter((line) => line.includes('REFUSES'))

test('is not told to whoever counts tokens, or whose call must be counted first', async () => {
  await using proxy = await startEmpty()
  const counted = await told(await fetch(`${proxy.url}/v1/messages/count_tokens`, COUNT))
  const image = { ...BODY, messages: [{ role: 'user', content: [IMAGE] }] }
  for (const answer of [counted, await told(await post(proxy.url, image))]) {
    expect(answer).toMatchObject({ status: 503, kind: 'api_error' })
    expect(answer.message).not.toContain('balance')
  }
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
  expect(refusals(proxy.logged)).toHaveLength(1)
})

test('is told to whoever counts tokens with an own key', async () => {
  await using proxy = await startEmpty({ caller: { ownKeys: { anthropic: SEALED } } })
  const response = await fetch(`${proxy.url}/v1/messages/count_tokens`, COUNT)
  expect(await response.text()).toBe(EMPTY)
  expect(refusals(proxy.logged)).toEqual([])
})

test('is not read out of words that the provider quotes of a request', async () => {
  await using proxy = await startTestProxy()
  const error = {
    type: 'invalid_request_error',
    message: 'system.your credit balance is too low: Extra input',
  }
  proxy.provider.answer((response) => void response.writeHead(400).end(JSON.stringify({ error })))
  expect((await post(proxy.url)).status).toBe(400)
  expect(refusals(proxy.logged)).toEqual([])
})
