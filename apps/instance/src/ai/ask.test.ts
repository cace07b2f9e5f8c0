/** Asking the AI from the console: of a proxy that the test plays. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAsk } from './ask.ts'

const FINE = { content: [{ type: 'text', text: 'Forty-two.' }], stop_reason: 'end_turn' }
const CREDITS = { 'x-credits-cost-usd': '0.00123', 'x-credits-remaining-usd': '4.99' }

let url = ''
let asked: unknown[] = []
let answer: { status: number; headers?: Record<string, string>; body: string }
const proxy = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  asked.push({ url: request.url, key: request.headers['x-api-key'], body: JSON.parse(body) })
  response.writeHead(answer.status, answer.headers).end(answer.body)
})

beforeEach(async () => {
  asked = []
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(async () => {
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})
const ask = (question: string) => createAsk({ url, token: 'mosai_x' })(question)

test('shows the answer, its cost and what is left', async () => {
  answer = { status: 200, headers: CREDITS, body: JSON.stringify(FINE) }
  expect(await ask('What is it?')).toBe('Forty-two.\n\n($0.00123, $4.99 left)')
  expect(asked).toMatchObject([
    {
      url: '/v1/messages',
      key: 'mosai_x',
      body: { messages: [{ role: 'user', content: 'What is it?' }], max_tokens: 1_024 },
    },
  ])
})

test('shows the cost of a call that no credits paid for', async () => {
  answer = { status: 200, headers: { 'x-credits-cost-usd': '0.00123' }, body: JSON.stringify(FINE) }
  expect(await ask('What is it?')).toBe('Forty-two.\n\n($0.00123, on your own key)')
})

test('says that an answer was cut at its longest, and nothing of costs where none are told', async () => {
  answer = { status: 200, body: JSON.stringify({ ...FINE, stop_reason: 'max_tokens' }) }
  expect(await ask('?')).toBe('Forty-two. …')
})

test("gives the proxy's own reason for a refusal", async () => {
  const error = { type: 'billing_error', message: 'Your AI credits are used up.' }
  answer = { status: 402, body: JSON.stringify({ type: 'error', error }) }
  await expect(ask('?')).rejects.toThrow('Your AI credits are used up.')
})

test.each(['', '{}', 'null', '<html>'])(
  'explains nothing by an answer that it does not understand: %j',
  async (body) => {
    for (const status of [200, 500]) {
      answer = { status, body }
      await expect(ask('?')).rejects.toThrow('The AI did not answer.')
    }
  },
)

test('says that there is no AI, or that it is not reached', async () => {
  await expect(createAsk(null)('?')).rejects.toThrow('There is no AI on this computer')
  await expect(createAsk({ url: 'http://127.0.0.1:1', token: 'mosai_x' })('?')).rejects.toThrow(
    'did not answer',
  )
})
