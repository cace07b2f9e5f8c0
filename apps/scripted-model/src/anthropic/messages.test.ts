import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import type { Script } from '../script/schema.ts'
import { type ScriptedModel, startScriptedModel } from '../server.ts'

const MODEL = 'claude-haiku-4-5-20251001'
const HELLO = { model: MODEL, max_tokens: 1000, messages: [{ role: 'user' as const, content: 'Hello' }] }
const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a place.',
  input_schema: { type: 'object' as const, properties: { place: { type: 'string' } }, required: ['place'] },
}

const clientOf = (model: ScriptedModel, options: { apiKey?: string; fetch?: typeof fetch } = {}) =>
  new Anthropic({ apiKey: 'any', baseURL: model.url, maxRetries: 0, logLevel: 'off', ...options })
const scripted = (script: Script) => ({ headers: { 'x-scripted': JSON.stringify(script) } })

/** Of the only call so far, once it is over. */
async function truthOf(model: ScriptedModel) {
  await expect.poll(() => model.truth().at(-1)?.ending).not.toBe('open')
  return model.truth().at(-1)
}

describe('a streamed message', () => {
  it('has the events in the real order, and ends with the usage that is the truth', async () => {
    await using model = await startScriptedModel()
    const types: string[] = []
    const events = clientOf(model).messages.stream({
      ...HELLO,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      max_tokens: 2000,
    })
    events.on('streamEvent', (event) =>
      types.push(event.type === 'content_block_delta' ? event.delta.type : event.type),
    )
    const message = await events.finalMessage()

    expect(types.filter((type, n) => type !== types[n - 1])).toEqual([
      'message_start',
      'content_block_start',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'content_block_start',
      'text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(message.stop_reason).toBe('end_turn')
    expect(message.content[1]).toMatchObject({
      type: 'text',
      text: expect.stringMatching(/^This is a demonstration model/),
    })
    const truth = await truthOf(model)
    expect(truth).toMatchObject({ ending: 'complete', streamed: true, requestId: events.request_id })
    expect(truth?.parts).toMatchObject([
      { model: MODEL, usage: { input: message.usage.input_tokens, output: message.usage.output_tokens } },
    ])
  })

  it('counts four bytes as a token, and stops at max_tokens', async () => {
    await using model = await startScriptedModel()
    const text = 'a'.repeat(100)
    const whole = await clientOf(model).messages.stream(HELLO, scripted({ text })).finalMessage()
    expect(whole.usage).toMatchObject({ input_tokens: 2, output_tokens: 25 })
    const short = await clientOf(model)
      .messages.stream({ ...HELLO, max_tokens: 10 }, scripted({ text }))
      .finalMessage()
    expect(short).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 10 },
      content: [{ text: 'a'.repeat(40) }],
    })
  })

  it('never ends in the middle of a letter', async () => {
    await using model = await startScriptedModel()
    const system = `#scripted ${JSON.stringify({ text: '日本語' })}`
    const message = await clientOf(model).messages.create({ ...HELLO, system, max_tokens: 1 })
    expect(message.content).toMatchObject([{ text: '日' }])
  })

  it('calls a tool that the question names, and answers with its result', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    const question = { role: 'user' as const, content: 'How is the weather in Paris?' }
    const call = await client.messages
      .stream({ ...HELLO, tools: [WEATHER], messages: [question] })
      .finalMessage()
    expect(call.stop_reason).toBe('tool_use')
    const tool = call.content.find((block) => block.type === 'tool_use')
    expect(tool).toMatchObject({ name: 'get_weather', input: { place: 'Paris' } })
    const answer = await client.messages
      .stream({
        ...HELLO,
        tools: [WEATHER],
        messages: [
          question,
          { role: 'assistant', content: call.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: tool?.id ?? '', content: 'rain, 12 °C' }],
          },
        ],
      })
      .finalMessage()
    expect(answer.content).toMatchObject([{ text: expect.stringContaining('rain, 12 °C') }])
  })

  it('searches the web, and bills each search', async () => {
    await using model = await startScriptedModel()
    const message = await clientOf(model)
      .messages.stream(HELLO, scripted({ webSearches: 2, text: 'Found.' }))
      .finalMessage()
    expect(message.content.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'web_search_tool_result',
      'server_tool_use',
      'web_search_tool_result',
      'text',
    ])
    expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 2 })
    expect((await truthOf(model))?.parts[0]?.usage.webSearches).toBe(2)
  })

  it('refuses, stops at a stop sequence, and serves another model', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    expect(await client.messages.stream(HELLO, scripted({ refuse: true })).finalMessage()).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    })
    const stopped = client.messages.stream(
      { ...HELLO, stop_sequences: ['END'] },
      scripted({ text: 'one END two' }),
    )
    expect(await stopped.finalMessage()).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
      content: [{ text: 'one ' }],
    })
    const other = await client.messages.create(
      HELLO,
      scripted({ servedModel: 'claude-opus-5-5', speed: 'fast' }),
    )
    expect(other).toMatchObject({ model: 'claude-opus-5-5', usage: { speed: 'fast' } })
    expect((await truthOf(model))?.parts).toMatchObject([{ model: 'claude-opus-5-5', speed: 'fast' }])
  })

  it('survives being cut into single bytes, in the middle of letters', async () => {
    await using model = await startScriptedModel()
    const text = 'naïve façade: 日本語 🎉'
    const system = `#scripted ${JSON.stringify({ text, chunkBytes: 1 })}`
    const message = await clientOf(model)
      .messages.stream({ ...HELLO, system })
      .finalMessage()
    expect(message.content).toMatchObject([{ text }])
  })
})

describe('the cache', () => {
  const long = (ttl: '5m' | '1h') => ({
    ...HELLO,
    system: [
      { type: 'text' as const, text: 'x'.repeat(8000), cache_control: { type: 'ephemeral' as const, ttl } },
    ],
  })

  it('is written once, read until its time is over, and says which life was paid', async () => {
    let now = 0
    await using model = await startScriptedModel({ now: () => now })
    const client = clientOf(model)
    const usage = async (ttl: '5m' | '1h') => (await client.messages.create(long(ttl))).usage
    expect(await usage('1h')).toMatchObject({
      input_tokens: 2,
      cache_creation_input_tokens: 2000,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 2000 },
    })
    now += 3_599_000
    expect(await usage('1h')).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 2000 })
    now += 3_601_000
    expect(await usage('5m')).toMatchObject({
      cache_creation: { ephemeral_5m_input_tokens: 2000 },
      cache_read_input_tokens: 0,
    })
  })

  it('reads a longer conversation up to where it was kept', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    await client.messages.create(long('5m'))
    const { usage } = await client.messages.create({
      ...long('5m'),
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'y'.repeat(400), cache_control: { type: 'ephemeral' } }],
        },
        { role: 'user', content: 'and?' },
      ],
    })
    expect(usage).toMatchObject({
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 100,
      input_tokens: 1,
    })
  })
})

describe('usage as it is seldom seen', () => {
  it('reports late totals, repeats, nulls and another model as the truth has them', async () => {
    await using model = await startScriptedModel()
    const script: Script = {
      repeatUsage: 2,
      nullTotals: false,
      lateInput: 50,
      lateCacheWrite: { tokens: 300, ttl: '1h', told: true },
      iterations: [
        {
          type: 'advisor_message',
          model: 'claude-opus-5-5',
          input: 10,
          output: 20,
          cacheRead: 0,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
        },
      ],
    }
    const stream = await clientOf(model).beta.messages.create({ ...HELLO, stream: true }, scripted(script))
    const deltas = []
    for await (const event of stream) if (event.type === 'message_delta') deltas.push(event)
    expect(deltas).toHaveLength(3)
    expect(deltas.map(({ delta }) => delta.stop_reason)).toEqual([null, null, 'end_turn'])
    expect(deltas.at(-1)?.usage).toMatchObject({
      input_tokens: 52,
      cache_creation_input_tokens: 300,
      iterations: [
        { type: 'message', cache_creation: { ephemeral_1h_input_tokens: 300 } },
        { type: 'advisor_message', model: 'claude-opus-5-5', input_tokens: 10, output_tokens: 20 },
      ],
    })
    expect((await truthOf(model))?.parts).toMatchObject([
      { model: MODEL, usage: { input: 52, cacheWrite1h: 300 } },
      { model: 'claude-opus-5-5', usage: { input: 10, output: 20 } },
    ])
  })
})

describe('faults', () => {
  it.each([
    [401, 'authentication_error', Anthropic.AuthenticationError],
    [429, 'rate_limit_error', Anthropic.RateLimitError],
    [500, 'api_error', Anthropic.InternalServerError],
    [529, 'overloaded_error', Anthropic.InternalServerError],
  ] as const)('answers %i in the real shape, and bills nothing', async (status, type, kind) => {
    await using model = await startScriptedModel()
    const error = await clientOf(model)
      .messages.create(HELLO, scripted({ status }))
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({
      status,
      error: { type: 'error', error: { type }, request_id: expect.stringMatching(/^req_/) },
    })
    if (status === 429) expect(error).toMatchObject({ headers: expect.any(Headers) })
    expect(model.truth()).toEqual([])
  })

  it('says how long to wait', async () => {
    await using model = await startScriptedModel()
    const response = await fetch(`${model.url}/v1/messages`, {
      method: 'POST',
      headers: {
        'x-api-key': 'any',
        'anthropic-version': '2023-06-01',
        'x-scripted': '{"status":429,"retryAfterS":7}',
      },
      body: JSON.stringify(HELLO),
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('4000')
  })

  it('sends an error event in mid-stream, and bills what it had reported', async () => {
    await using model = await startScriptedModel()
    const stream = clientOf(model).messages.stream(HELLO, scripted({ errorAfterEvents: 5 }))
    await expect(stream.finalMessage()).rejects.toThrow(/overloaded_error/)
    expect(await truthOf(model)).toMatchObject({ ending: 'error_event', parts: [{ usage: { output: 1 } }] })
  })

  it('cuts the connection, and bills what it had generated', async () => {
    await using model = await startScriptedModel()
    const stream = clientOf(model).messages.stream(
      HELLO,
      scripted({ cutAfterEvents: 8, text: 'b'.repeat(400) }),
    )
    await expect(stream.finalMessage()).rejects.toThrow()
    // Start, block start, ping, and five pieces of 12 letters.
    expect(await truthOf(model)).toMatchObject({ ending: 'cut', parts: [{ usage: { output: 15 } }] })
  })

  it('notices that the client went, in mid-stream and before any answer', async () => {
    await using model = await startScriptedModel()
    const stream = clientOf(model).messages.stream(HELLO, scripted({ hangAfterEvents: 4 }))
    stream.on('text', () => stream.abort())
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIUserAbortError)
    expect(await truthOf(model)).toMatchObject({ ending: 'client_gone' })
    const silent = clientOf(model).messages.create(HELLO, { ...scripted({ neverAnswer: true }), timeout: 50 })
    await expect(silent).rejects.toThrow(Anthropic.APIConnectionTimeoutError)
    expect(model.truth()).toHaveLength(1)
  })

  it('streams megabytes', async () => {
    await using model = await startScriptedModel()
    const stream = clientOf(model).messages.stream(
      { ...HELLO, max_tokens: 1_000_000 },
      scripted({ megabytes: 2 }),
    )
    expect((await stream.finalText()).length).toBe(2 * 1_048_576)
  })

  it('takes the directive from the first line of the system or of the user, and fails on a wrong one', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    const line = '#scripted {"text":"as told"}\n'
    const user = await client.messages.create({
      ...HELLO,
      messages: [{ role: 'user', content: `${line}Hello` }],
    })
    const system = await client.messages.create({ ...HELLO, system: `${line}Be brief.` })
    expect([user.content, system.content]).toMatchObject([[{ text: 'as told' }], [{ text: 'as told' }]])
    await expect(
      client.messages.create(HELLO, { headers: { 'x-scripted': '{"statsu":500}' } }),
    ).rejects.toThrow(Anthropic.BadRequestError)
  })

  it('ignores directives unless they are allowed', async () => {
    await using model = await startScriptedModel({ faults: false })
    await expect(clientOf(model).messages.create(HELLO, scripted({ status: 500 }))).resolves.toMatchObject({
      stop_reason: 'end_turn',
    })
  })
})

describe('the protocol', () => {
  it('counts tokens for nothing, and lists models', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    const { max_tokens: _, ...counted } = HELLO
    expect(await client.messages.countTokens(counted)).toMatchObject({ input_tokens: 2 })
    const image = {
      type: 'image' as const,
      source: { type: 'url' as const, url: 'https://example.com/a.png' },
    }
    const withImage = { ...counted, messages: [{ role: 'user' as const, content: [image] }] }
    expect(await client.messages.countTokens(withImage)).toMatchObject({ input_tokens: 1600 })
    const ids = []
    for await (const own of client.models.list()) ids.push(own.id)
    expect(ids).toContain(MODEL)
    expect(await client.models.retrieve(MODEL)).toMatchObject({ type: 'model', id: MODEL })
    expect(model.truth()).toEqual([])
  })

  it('refuses a wrong key, an unknown model, a missing version, and what is not JSON', async () => {
    await using model = await startScriptedModel({ apiKey: 'right' })
    await expect(clientOf(model, { apiKey: 'wrong' }).messages.create(HELLO)).rejects.toThrow(
      Anthropic.AuthenticationError,
    )
    const client = clientOf(model, { apiKey: 'right' })
    await expect(client.messages.create({ ...HELLO, model: 'llama-3' })).rejects.toThrow(
      Anthropic.NotFoundError,
    )
    await expect(client.messages.create({ ...HELLO, max_tokens: 0 })).rejects.toThrow(/max_tokens/)
    const post = async (headers: Record<string, string>, body: string) => {
      const response = await fetch(`${model.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer right', ...headers },
        body,
      })
      return [response.status, await response.json()]
    }
    const invalid = {
      type: 'error',
      error: { type: 'invalid_request_error' },
      request_id: expect.any(String),
    }
    expect(await post({}, JSON.stringify(HELLO))).toMatchObject([400, invalid])
    expect(await post({ 'anthropic-version': '2023-06-01' }, '{')).toMatchObject([400, invalid])
    const tooLarge = await post({ 'anthropic-version': '2023-06-01' }, `"${'x'.repeat(33 * 1024 * 1024)}"`)
    expect(tooLarge).toMatchObject([413, { error: { type: 'request_too_large' } }])
  })

  it('tells the truth to other processes, since a cursor', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    await client.messages.create(HELLO)
    await client.messages.create(HELLO)
    const lines = async (after: number) =>
      (await (await fetch(`${model.url}/scripted/truth?after=${after}`)).text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    expect(await lines(0)).toEqual(model.truth())
    expect(await lines(1)).toEqual(model.truth(1))
  })
})
