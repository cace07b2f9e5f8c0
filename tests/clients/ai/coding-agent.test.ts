/** The shape of a coding agent's requests, replayed: larger than anything that people type. */
import { describe, expect, it } from 'vitest'
import { useAiPlatform } from './use-platform.ts'

const MODEL = 'claude-opus-5-5'
const REQUEST_BYTES = 115_000
const TOOLS = 24

const betas = ['claude-code-20250219', 'interleaved-thinking-2025-05-14', 'context-management-2025-06-27']

const tool = (n: number) => ({
  name: `tool_${n}`,
  description: `What the tool ${n} does, and when not to use it. `.repeat(60),
  input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
})

const ephemeral = (ttl?: '1h') => ({ cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } })

function request(said: string) {
  const body = {
    model: MODEL,
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: 'text', text: 'You are a coding agent.' },
      { type: 'text', text: '', ...ephemeral('1h') },
    ],
    tools: Array.from({ length: TOOLS }, (_, n) => tool(n)),
    messages: [{ role: 'user', content: [{ type: 'text', text: said, ...ephemeral() }] }],
    metadata: { user_id: 'user_0_account__session_0' },
    thinking: { type: 'adaptive' },
  }
  const missing = REQUEST_BYTES - Buffer.byteLength(JSON.stringify(body))
  body.system[1] = { type: 'text', text: 'x'.repeat(missing), ...ephemeral('1h') }
  return JSON.stringify(body)
}

const platform = useAiPlatform()

const ask = (said: string) =>
  fetch(`${platform().url}/v1/messages?beta=true`, {
    method: 'POST',
    body: request(said),
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${platform().token}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': betas.join(','),
      'anthropic-dangerous-direct-browser-access': 'true',
      'content-type': 'application/json',
      'user-agent': 'coding-agent/2.0 (external, cli)',
      'x-app': 'cli',
      'x-stainless-retry-count': '0',
      'x-stainless-timeout': '600',
    },
  })

/** Of the events with usage, by type. */
const usages = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
    .flatMap((event) => event.message?.usage ?? event.usage ?? [])

describe('a coding agent', () => {
  it('asks whether somebody is there, and says hi with all its tools, twice: the second time from the cache', async () => {
    expect((await fetch(platform().url, { method: 'HEAD' })).status).toBe(200)
    const texts: string[] = []
    for (const said of ['hi', 'hi']) {
      const response = await ask(said)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
      expect(response.headers.get('x-accel-buffering')).toBe('no')
      expect(response.headers.get('request-id')).toMatch(/^req_/)
      expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('4000')
      texts.push(await response.text())
    }
    for (const text of texts)
      expect(text).toMatch(/^event: message_start[\s\S]*event: message_stop\ndata: [^\n]+\n\n$/)
    const [first, second] = texts.map((text) => usages(text)[0])
    expect(first).toMatchObject({ cache_read_input_tokens: 0 })
    expect(first.cache_creation.ephemeral_1h_input_tokens).toBeGreaterThan(25_000)
    expect(second).toMatchObject({ cache_creation_input_tokens: 0 })
    expect(second.cache_read_input_tokens).toBeGreaterThan(25_000)
    await platform().expectBooks(2)
  })

  it('goes away in the middle of an answer, which is billed whole all the same', async () => {
    const response = await ask(`#scripted ${JSON.stringify({ words: 60, eventDelayMs: 4 })}\nhi`)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await platform().expectBooks(1)
  })
})
