/** What is held for a call, what it is cut down to, and what has no bound. */
import { expect, test } from 'vitest'
import {
  ask,
  CHAT,
  CHAT_BODY,
  RESPONSE_USAGE,
  RESPONSES,
  RESPONSES_BODY,
  USAGE,
} from '../../testing/openai-provider.ts'
import { OWN_KEY, PRICE, SEALED, startTestProxy } from '../../testing/test-proxy.ts'
import { IMAGE_TOKENS } from './content.ts'

type TestProxy = Awaited<ReturnType<typeof startTestProxy>>
const INPUT = 1_250n
const OUTPUT = 5_000n

function answer({ provider }: TestProxy) {
  const usage = { ...USAGE, ...RESPONSE_USAGE }
  const body = JSON.stringify({ model: 'gpt-test-1', status: 'completed', choices: [], usage })
  provider.answer(
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
  )
}

async function heldFor(path: string, body: object): Promise<bigint> {
  await using proxy = await startTestProxy({ credits: 5_000_000_000_000n })
  answer(proxy)
  expect((await ask(proxy.url, path, body)).status).toBe(200)
  const [hold] = proxy.ledger.operations
  return hold?.kind === 'hold' ? hold.amount : -1n
}
const bytesOf = (body: object) => BigInt(Buffer.byteLength(JSON.stringify(body)))

test('holds the bytes of the input, as if all were written to the cache, and every answer in full', async () => {
  expect(await heldFor(CHAT, CHAT_BODY)).toBe(bytesOf(CHAT_BODY) * INPUT + 100n * OUTPUT)
  const three = { ...CHAT_BODY, n: 3 }
  expect(await heldFor(CHAT, three)).toBe(bytesOf(three) * INPUT + 300n * OUTPUT)
  expect(await heldFor(RESPONSES, RESPONSES_BODY)).toBe(bytesOf(RESPONSES_BODY) * INPUT + 100n * OUTPUT)
})

test('holds as much as the model can answer where no limit is asked for, and the higher one of two', async () => {
  const longest = BigInt(PRICE.maxOutputTokens ?? 0)
  const unlimited = { ...CHAT_BODY, max_completion_tokens: null }
  expect(await heldFor(CHAT, unlimited)).toBe(bytesOf(unlimited) * INPUT + longest * OUTPUT)
  const { max_output_tokens: _, ...response } = RESPONSES_BODY
  expect(await heldFor(RESPONSES, response)).toBe(bytesOf(response) * INPUT + longest * OUTPUT)
  const two = { ...CHAT_BODY, max_tokens: 300 }
  expect(await heldFor(CHAT, two)).toBe(bytesOf(two) * INPUT + 300n * OUTPUT)
})

test('holds the dearest that an image can be, whatever its bytes', async () => {
  const data = `data:image/png;base64,${'A'.repeat(1_000_000)}`
  const bound = (body: object, images: number, characters: number) =>
    (bytesOf(body) - BigInt(characters) + BigInt(images * IMAGE_TOKENS)) * INPUT + 100n * OUTPUT
  const parts = [
    { type: 'image_url', image_url: { url: data } },
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
  ]
  const chat = { ...CHAT_BODY, messages: [{ role: 'user', content: parts }] }
  expect(await heldFor(CHAT, chat)).toBe(bound(chat, 2, data.length))
  const output = [{ type: 'input_image', image_url: data }]
  const response = { ...RESPONSES_BODY, input: [{ type: 'function_call_output', call_id: 'c', output }] }
  expect(await heldFor(RESPONSES, response)).toBe(bound(response, 1, data.length))
})

test.each([
  [CHAT, `{ "max_tokens" : 32000 ,"messages":[],"model":"gpt-test-1"}`, `"max_tokens" : `],
  [CHAT, `{"messages":[],"model":"gpt-test-1", "max_completion_tokens":32000}`, `"max_completion_tokens":`],
  [RESPONSES, `{"model":"gpt-test-1","input":"max_output_tokens","max_output_tokens":32000}`, `tokens":`],
])('cuts the only call of %s down to what is left: %s', async (path, body, before) => {
  await using proxy = await startTestProxy({ credits: 10_000_000n })
  answer(proxy)
  const response = await ask(proxy.url, path, body)
  expect(response.status).toBe(200)
  const clamped = Number(response.headers.get('x-credits-max-tokens'))
  expect(clamped).toBeGreaterThan(1_000)
  expect(clamped * 5_000).toBeLessThan(10_000_000)
  expect(proxy.provider.received[0]?.body.toString()).toBe(
    body.replace(`${before}32000`, `${before}${clamped}`),
  )
})

test('limits a call that names no limit where it is cut down, and every limit of one that names two', async () => {
  await using proxy = await startTestProxy({ credits: 10_000_000n })
  answer(proxy)
  const sent = async (path: string, body: string) => {
    const response = await ask(proxy.url, path, body)
    expect(response.status).toBe(200)
    const text = proxy.provider.received.at(-1)?.body.toString()
    await expect.poll(() => proxy.ledger.holds.size).toBe(0)
    return text?.replaceAll(String(response.headers.get('x-credits-max-tokens')), 'N')
  }
  const chat = '{"messages":[],"model":"gpt-test-1","stream":true}'
  expect(await sent(CHAT, chat)).toBe(
    `{"max_completion_tokens":N,"stream_options":{"include_usage":true},${chat.slice(1)}`,
  )
  const response = '{"input":"","model":"gpt-test-1","max_output_tokens":null}'
  expect(await sent(RESPONSES, response)).toBe('{"input":"","model":"gpt-test-1","max_output_tokens":N}')
  const two = '{"max_tokens":90,"messages":[],"max_completion_tokens":64000,"model":"gpt-test-1"}'
  expect(await sent(CHAT, two)).toBe(
    '{"max_tokens":N,"messages":[],"max_completion_tokens":N,"model":"gpt-test-1"}',
  )
})

const chat = (more: object) => [CHAT, { ...CHAT_BODY, ...more }] as const
const part = (content: object) => chat({ messages: [{ role: 'user', content: [content] }] })
const responses = (more: object) => [RESPONSES, { ...RESPONSES_BODY, ...more }] as const
const item = (one: object) => responses({ input: [one] })
const tool = (one: object) => responses({ tools: [one] })

const UNBOUNDED = {
  'a file in a message': part({ type: 'file', file: { file_id: 'file_1' } }),
  'sound in a message': part({ type: 'input_audio', input_audio: {} }),
  'content of a new kind': part({ type: 'video_url' }),
  'sound asked for': chat({ modalities: ['text', 'audio'], audio: { voice: 'alloy' } }),
  'sound said before': chat({ messages: [{ role: 'assistant', audio: { id: 'a_1' } }] }),
  'a prediction': chat({ prediction: { type: 'content', content: 'x' } }),
  'a search of completions': chat({ web_search_options: {} }),
  'a tool of completions': chat({ tools: [{ type: 'web_search' }] }),
  'a response in the background': responses({ background: true }),
  'a response before': responses({ previous_response_id: 'resp_1' }),
  'a conversation': responses({ conversation: 'conv_1' }),
  'a stored prompt': responses({ prompt: { id: 'p_1' } }),
  compaction: responses({ context_management: [{ type: 'compaction' }] }),
  'more models at once': responses({ reasoning: { mode: 'pro' } }),
  'a search': tool({ type: 'web_search' }),
  'a search of files': tool({ type: 'file_search', vector_store_ids: [] }),
  code: tool({ type: 'code_interpreter', container: { type: 'auto' } }),
  'a remote tool': tool({ type: 'mcp', server_url: 'https://example.com' }),
  pictures: tool({ type: 'image_generation' }),
  'a shell of the provider': tool({ type: 'shell', environment: { type: 'container_auto' } }),
  'tools in the input': item({ type: 'additional_tools', tools: [{ type: 'web_search' }] }),
  'an item by its id': item({ type: 'item_reference', id: 'msg_1' }),
  'an id alone': item({ id: 'msg_1' }),
  'stored reasoning': item({ type: 'reasoning', id: 'rs_1', summary: [] }),
  'a file': item({ role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] }),
  'an image by its id': item({ role: 'user', content: [{ type: 'input_image', file_id: 'file_1' }] }),
  'an item of a new kind': item({ type: 'video_call' }),
}

test.each(Object.entries(UNBOUNDED))(
  "refuses %s on the platform's key, and says why",
  async (_, [path, body]) => {
    await using proxy = await startTestProxy()
    const response = await ask(proxy.url, path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringMatching(/at most.* key of your own/) },
    })
    expect(proxy.provider.received).toEqual([])
    expect(proxy.ledger.operations).toEqual([])
  },
)

test('passes all of that on with an own key, and takes no credits for it', async () => {
  await using proxy = await startTestProxy({ credits: 0n, caller: { ownKeys: { openai: SEALED } } })
  answer(proxy)
  for (const [path, body] of Object.values(UNBOUNDED).slice(0, 4)) {
    expect((await ask(proxy.url, path, body)).status).toBe(200)
    expect(proxy.provider.received.at(-1)?.body.toString()).toBe(JSON.stringify(body))
  }
  expect(proxy.provider.received[0]?.headers.authorization).toBe(`Bearer ${OWN_KEY}`)
  await expect.poll(() => proxy.ledger.rows.map(({ payer }) => payer)).toEqual(Array(4).fill('own'))
  expect(proxy.ledger.budget('usr_1')).toMatchObject({ spent: 0n, held: 0n })
})

test.each(
  Object.entries({
    'a conversation in full': responses({
      store: false,
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'rain' },
      ],
    }),
    "the client's own tools": responses({
      tools: [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'g' },
        { type: 'apply_patch' },
        { type: 'shell', environment: { type: 'local' } },
      ],
    }),
    'functions and schemas': chat({
      tools: [{ type: 'function', function: { name: 'f' } }],
      response_format: { type: 'json_object' },
    }),
  }),
)('serves %s', async (_, [path, body]) => {
  await using proxy = await startTestProxy()
  answer(proxy)
  expect((await ask(proxy.url, path, body)).status).toBe(200)
})
