import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Script } from '../script/schema.ts'
import { type ScriptedModel, startScriptedModel } from '../server.ts'

const MODEL = 'gpt-4o-mini'
const HELLO = { model: MODEL, messages: [{ role: 'user' as const, content: 'Hello' }] }
const PARAMETERS = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] }
const QUESTION = 'How is the weather in Paris?'

const clientOf = (model: ScriptedModel) =>
  new OpenAI({ apiKey: 'any', baseURL: `${model.url}/v1`, maxRetries: 0, logLevel: 'off' })
const scripted = (script: Script) => ({ headers: { 'x-scripted': JSON.stringify(script) } })

async function truthOf(model: ScriptedModel) {
  await expect.poll(() => model.truth().at(-1)?.ending).not.toBe('open')
  return model.truth().at(-1)
}

describe('chat completions', () => {
  it('streams chunks, and usage at the end when asked for', async () => {
    await using model = await startScriptedModel()
    const stream = clientOf(model).chat.completions.stream({
      ...HELLO,
      stream_options: { include_usage: true },
    })
    const completion = await stream.finalChatCompletion()
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringMatching(/^This is a demonstration model/) },
    })
    const usage = completion.usage
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0))
    expect((await truthOf(model))?.parts).toMatchObject([
      { model: MODEL, usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens } },
    ])
  })

  it('calls a tool, streamed and not, and answers with its result', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: PARAMETERS } }]
    const asked = { model: MODEL, tools, messages: [{ role: 'user' as const, content: QUESTION }] }
    const called = { name: 'get_weather', arguments: '{"place":"Paris"}' }
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion()
    const whole = await client.chat.completions.create(asked)
    for (const completion of [streamed, whole])
      expect(completion.choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: { tool_calls: [{ type: 'function', function: called }] },
      })
    const message = whole.choices[0]?.message
    const id = message?.tool_calls?.[0]?.id ?? ''
    const answer = await client.chat.completions.create({
      ...asked,
      messages: [
        ...asked.messages,
        ...(message ? [message] : []),
        { role: 'tool', tool_call_id: id, content: 'rain' },
      ],
    })
    expect(answer.choices[0]?.message.content).toContain('rain')
  })

  it('reads the cache by itself, and counts what it read apart', async () => {
    await using model = await startScriptedModel()
    const messages = [{ role: 'system' as const, content: 'x'.repeat(8000) }, ...HELLO.messages]
    const usages = []
    for (let n = 0; n < 2; n++)
      usages.push((await clientOf(model).chat.completions.create({ ...HELLO, messages })).usage)
    const total = usages[0]?.prompt_tokens
    expect(usages.map((usage) => usage?.prompt_tokens_details?.cached_tokens)).toEqual([0, total])
    expect((await truthOf(model))?.parts[0]?.usage).toMatchObject({ input: 0, cacheRead: total })
  })

  it('stops at the limit, refuses, and fails in the real shape', async () => {
    await using model = await startScriptedModel()
    const { completions } = clientOf(model).chat
    expect(await completions.create({ ...HELLO, max_completion_tokens: 3 })).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 3 },
    })
    expect(await completions.create(HELLO, scripted({ refuse: true }))).toMatchObject({
      choices: [{ message: { content: null, refusal: expect.any(String) } }],
    })
    await expect(completions.create(HELLO, scripted({ status: 429 }))).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    })
    await expect(completions.create({ ...HELLO, model: 'llama-3' })).rejects.toThrow(OpenAI.NotFoundError)
    const cut = completions.stream(HELLO, scripted({ errorAfterEvents: 3 }))
    await expect(cut.finalChatCompletion()).rejects.toThrow(/Overloaded/)
    expect(await truthOf(model)).toMatchObject({ ending: 'error_event' })
  })
})

describe('responses', () => {
  it('streams the typed events in the real order', async () => {
    await using model = await startScriptedModel()
    const types: string[] = []
    const stream = clientOf(model).responses.stream({
      model: MODEL,
      input: 'Hello',
      reasoning: { effort: 'low' },
    })
    stream.on('event', ({ type }) => types.push(type))
    const response = await stream.finalResponse()
    expect(types.filter((type, n) => type !== types[n - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(response.output_text).toMatch(/^This is a demonstration model/)
    expect(response.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0)
    expect((await truthOf(model))?.parts).toMatchObject([
      { model: MODEL, usage: { input: response.usage?.input_tokens, output: response.usage?.output_tokens } },
    ])
  })

  it('calls a tool, streamed and not', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    const tool = { type: 'function' as const, name: 'get_weather', parameters: PARAMETERS, strict: false }
    const asked = { model: MODEL, input: QUESTION, tools: [tool] }
    const call = { type: 'function_call', name: 'get_weather', arguments: '{"place":"Paris"}' }
    for (const { output } of [
      await client.responses.stream(asked).finalResponse(),
      await client.responses.create(asked),
    ])
      expect(output.at(-1)).toMatchObject(call)
  })

  it('ends incomplete at the limit, and with an error event in mid-stream', async () => {
    await using model = await startScriptedModel()
    const client = clientOf(model)
    expect(
      await client.responses.create({ model: MODEL, input: 'Hello', max_output_tokens: 16 }),
    ).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 16 },
    })
    const stream = client.responses.stream(
      { model: MODEL, input: 'Hello' },
      scripted({ errorAfterEvents: 6 }),
    )
    await expect(stream.finalResponse()).rejects.toThrow()
    expect(await truthOf(model)).toMatchObject({ ending: 'error_event' })
  })

  it('lists models in this format too', async () => {
    await using model = await startScriptedModel()
    const ids = (await clientOf(model).models.list()).data.map(({ id }) => id)
    expect(ids).toContain(MODEL)
  })
})
