/** Answers of both protocols on their way, and what they come to. */
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { SSE } from '../../testing/fake-provider.ts'
import {
  ask,
  CHAT,
  CHAT_BODY,
  chatError,
  chunk,
  completed,
  created,
  DONE,
  RESPONSES,
  RESPONSES_BODY,
  textDelta,
  typed,
  USAGE,
  usageChunk,
} from '../../testing/openai-provider.ts'
import { rawCall } from '../../testing/raw-client.ts'
import { OPENAI_KEY, startTestProxy } from '../../testing/test-proxy.ts'

const STREAM = { ...CHAT_BODY, stream: true }
const RESPONSES_STREAM = { ...RESPONSES_BODY, stream: true }
/** 100 tokens of input at 1,000 nano-USD, 20 of output at 5,000. */
const COST = 200_000n
const settled = { status: 'settled', provider: 'openai', model: 'gpt-test-1', cost: COST }

type TestProxy = Awaited<ReturnType<typeof startTestProxy>>
const answer = ({ provider }: TestProxy, text: string) =>
  provider.answer((response) => void response.writeHead(200, SSE).end(text))
const heldIn = ({ ledger }: TestProxy) => {
  const hold = ledger.operations.find(({ kind }) => kind === 'hold')
  return hold?.kind === 'hold' ? hold.amount : -1n
}

test('asks for the usage of a stream that would not tell it, and keeps it to itself', async () => {
  await using proxy = await startTestProxy()
  const text = chunk('Grüße') + chunk('😀')
  const whole = Buffer.from(text + usageChunk() + DONE)
  const headers = { ...SSE, 'content-length': whole.length }
  proxy.provider.answer((response) => void response.writeHead(200, headers).end(whole))
  const response = await ask(proxy.url, CHAT, `{"stream":true, ${JSON.stringify(CHAT_BODY).slice(1)}`)
  expect(await response.text()).toBe(text + DONE)
  await expect
    .poll(() => proxy.ledger.rows)
    .toMatchObject([{ ...settled, usage: { input: 100, output: 20 } }])
  const [sent] = proxy.provider.received
  expect(sent?.body.toString()).toBe(
    `{"stream_options":{"include_usage":true},"stream":true, ${JSON.stringify(CHAT_BODY).slice(1)}`,
  )
  expect(sent?.headers).toMatchObject({ authorization: `Bearer ${OPENAI_KEY}` })
})

test('passes a stream that tells its usage as it is, in both directions', async () => {
  await using proxy = await startTestProxy()
  const text = chunk('a') + usageChunk() + DONE
  answer(proxy, text)
  const body = JSON.stringify({ ...STREAM, stream_options: { include_usage: true } }, null, 1)
  expect(await (await ask(proxy.url, CHAT, body)).text()).toBe(text)
  expect(proxy.provider.received[0]?.body.toString()).toBe(body)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([settled])
})

test.each([
  [
    '"stream_options":{ "include_obfuscation":false }',
    '{"include_usage":true, "include_obfuscation":false }',
  ],
  ['"stream_options":{"include_usage": false}', '{"include_usage": true}'],
  ['"stream_options":{ }', '{"include_usage":true }'],
  ['"stream_options":null', '{"include_usage":true}'],
])('changes nothing else of %s', async (member, options) => {
  await using proxy = await startTestProxy()
  answer(proxy, chunk('a') + usageChunk() + DONE)
  const rest = JSON.stringify(STREAM).slice(1)
  await (await ask(proxy.url, CHAT, `{${member},${rest}`)).text()
  expect(proxy.provider.received[0]?.body.toString()).toBe(`{"stream_options":${options},${rest}`)
})

test('passes what a stream ends with in the middle of an event', async () => {
  await using proxy = await startTestProxy()
  answer(proxy, chunk('a') + usageChunk() + DONE.trimEnd())
  expect(await (await ask(proxy.url, CHAT, STREAM)).text()).toBe(chunk('a') + DONE.trimEnd())
})

test('passes the events of a response as they are', async () => {
  await using proxy = await startTestProxy()
  const text = created() + textDelta('Grüße 😀') + completed()
  answer(proxy, text)
  expect(await (await ask(proxy.url, RESPONSES, RESPONSES_STREAM)).text()).toBe(text)
  expect(proxy.provider.received[0]?.body.toString()).toBe(JSON.stringify(RESPONSES_STREAM))
  await expect.poll(() => proxy.ledger.rows).toMatchObject([settled])
})

test('says what a whole answer cost, of both protocols', async () => {
  await using proxy = await startTestProxy()
  const usage = { input_tokens: 100, output_tokens: 20 }
  const answers = {
    [CHAT]: { model: 'gpt-test-1', choices: [], usage: USAGE },
    [RESPONSES]: { model: 'gpt-test-1', status: 'completed', output: [], usage },
  }
  for (const [path, body] of Object.entries(answers)) {
    const text = JSON.stringify(body, null, 1)
    proxy.provider.answer(
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text),
    )
    const response = await ask(proxy.url, path, path === CHAT ? CHAT_BODY : RESPONSES_BODY)
    expect(response.headers.get('x-credits-cost-usd')).toBe('0.0002')
    expect(await response.text()).toBe(text)
  }
  await expect.poll(() => proxy.ledger.rows).toMatchObject([settled, settled])
})

test.each([
  ['a completion', CHAT, STREAM, chunk('a') + chatError],
  ['a response', RESPONSES, RESPONSES_STREAM, created() + typed('error', { code: 'server_error' })],
])(
  'passes an error in the middle of %s on, and charges nothing that was not told',
  async (_, path, body, text) => {
    await using proxy = await startTestProxy()
    answer(proxy, text)
    expect(await (await ask(proxy.url, path, body)).text()).toBe(text)
    await expect.poll(() => proxy.ledger.holds.size).toBe(0)
    expect(proxy.ledger.rows).toEqual([])
  },
)

test.each([
  ['a completion', CHAT, STREAM, chunk('a')],
  ['a response', RESPONSES, RESPONSES_STREAM, created() + textDelta('a')],
])('cuts the client where %s was cut, and charges the whole hold', async (_, path, body, text) => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => {
    response.writeHead(200, SSE).write(text, () => response.destroy())
  })
  const response = await ask(proxy.url, path, body)
  await expect(response.text()).rejects.toThrow()
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated', cost: heldIn(proxy) }])
  expect(proxy.ledger.holds.size).toBe(0)
})

test('charges the whole hold where a server ends a stream without the usage that it was asked for', async () => {
  await using proxy = await startTestProxy()
  answer(proxy, chunk('a') + DONE)
  await (await ask(proxy.url, CHAT, STREAM)).text()
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated', cost: heldIn(proxy) }])
})

test.each([
  ['a completion', CHAT, STREAM, chunk('a'), usageChunk() + DONE],
  ['a response', RESPONSES, RESPONSES_STREAM, created(), completed()],
])(
  'reads %s on when the client is gone, and settles on what was used',
  async (_, path, body, first, rest) => {
    await using proxy = await startTestProxy()
    let open: ServerResponse | undefined
    proxy.provider.answer((response) => {
      open = response
      response.writeHead(200, SSE).write(first)
    })
    const call = await rawCall(proxy.url, body, path)
    expect(await call.next()).toBe(first)
    call.leave()
    await expect.poll(() => [...proxy.ledger.holds.values()]).toMatchObject([{ isDraining: true }])
    open?.end(rest)
    await expect.poll(() => proxy.ledger.rows).toMatchObject([settled])
  },
)
