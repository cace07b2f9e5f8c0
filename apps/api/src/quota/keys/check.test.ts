import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startAnswering } from '../testing/answering.ts'
import { createKeyCheck } from './check.ts'

const KEY = 'sk-ant-0123456789'
const MODELS = JSON.stringify({ data: [{ id: 'claude-haiku-4-5', type: 'model' }] })

const checkAt = (url: string, timeoutMs = 5_000) =>
  createKeyCheck({ upstreams: { anthropic: url, openai: `${url}/compatible/` }, timeoutMs })

it('asks each provider in its own way', async () => {
  await using provider = await startAnswering((response) => response.end(MODELS))
  const check = checkAt(provider.url)
  await check('anthropic', KEY)
  await check('openai', 'sk-proj-0123456789')
  const [anthropic, openai] = provider.received
  expect(anthropic).toMatchObject({ method: 'GET', path: '/v1/models', headers: { 'x-api-key': KEY } })
  expect(anthropic?.headers['anthropic-version']).toBe('2023-06-01')
  expect(openai).toMatchObject({ path: '/compatible/v1/models' })
  expect(openai?.headers.authorization).toBe('Bearer sk-proj-0123456789')
})

it.each([401, 403])('says that a key is refused with %i', async (status) => {
  await using provider = await startAnswering((response) => response.writeHead(status).end('{}'))
  await expect(checkAt(provider.url)('anthropic', KEY)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('Anthropic refuses this key'),
  })
})

it.each([
  ['anthropic', 'sk-proj-0123456789', 'not a key of Anthropic'],
  ['openai', KEY, 'not a key of OpenAI'],
  ['anthropic', 'sk-ant-schlüssel-0', 'letters, digits and signs'],
] as const)('sends %s no key that cannot be its own: %s', async (name, key, message) => {
  await using provider = await startAnswering((response) => response.end(MODELS))
  await expect(checkAt(provider.url)(name, key)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining(message),
  })
  expect(provider.received).toEqual([])
})

it.each([
  ['an error', 500, '{}', {}],
  ['a limit', 429, '{}', {}],
  ['a page', 200, '<html>', {}],
  ['another answer', 200, '{"models":[]}', {}],
  ['a way elsewhere', 307, '', { location: '/elsewhere' }],
])('takes %s for no answer about the key', async (_what, status, body, headers) => {
  await using provider = await startAnswering((response) => response.writeHead(status, headers).end(body))
  await expect(checkAt(provider.url)('anthropic', KEY)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  })
  expect(provider.received.map(({ path }) => path)).toEqual(['/v1/models'])
})

it('waits for no provider that is away, or silent', async () => {
  const unreachable = checkAt('http://127.0.0.1:1')('anthropic', KEY)
  await expect(unreachable).rejects.toMatchObject({ code: 'upstream_unavailable' })
  await using silent = await startAnswering(() => {})
  const unanswered = checkAt(silent.url, 50)('anthropic', KEY)
  await expect(unanswered).rejects.toMatchObject({ code: 'upstream_unavailable' })
})

it.each([
  ['what never ends', (bytes: Buffer) => bytes, {}],
  ['what is small until it is unpacked', gzipSync, { 'content-encoding': 'gzip' }],
])('reads no more than a list can be: %s', async (_what, packed, headers) => {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  await using provider = await startAnswering((response) => {
    response.on('close', () => leave())
    // And never ends.
    response.writeHead(200, headers).write(packed(Buffer.alloc(9 * 1_048_576, '[')))
  })
  await expect(checkAt(provider.url, 60_000)('anthropic', KEY)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  })
  await left
})
