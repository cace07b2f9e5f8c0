import { describe, expect, it } from 'vitest'
import { startScriptedModel } from '../server.ts'
import { clientOf, HELLO, MODEL, scripted, truthOf, WEATHER } from './testing/client.ts'

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

  it('answers what is said after a result, and not what a program tells it there', async () => {
    await using model = await startScriptedModel()
    const answerAfter = async (...texts: string[]) => {
      const result = { type: 'tool_result' as const, tool_use_id: 'call', content: 'given up' }
      const answer = await clientOf(model).messages.create({
        ...HELLO,
        messages: [
          { role: 'user', content: 'What is the weather?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'call', name: 'weather', input: {} }] },
          { role: 'user', content: [result, ...texts.map((text) => ({ type: 'text' as const, text }))] },
        ],
      })
      return JSON.stringify(answer.content)
    }
    expect(await answerAfter('[This answer ended early: interrupted.]', 'hello')).toContain('Hello!')
    expect(await answerAfter('[This answer ended early: interrupted.]')).toContain('given up')
    expect(await answerAfter('<system-reminder>\nBe brief.\n</system-reminder>')).toContain('given up')
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
