import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiPlatform, startAiPlatform } from './platform.ts'
import {
  expectGreeting,
  expectResult,
  GREETING,
  LONG_ANSWER,
  QUESTION,
  WEATHER,
  WEATHER_RESULT,
} from './shapes.ts'

const MODEL = 'gpt-4o-mini'

describe('openai', () => {
  let platform: AiPlatform
  beforeAll(async () => {
    platform = await startAiPlatform()
  })
  afterAll(() => platform?.[Symbol.asyncDispose]())

  const client = () => new OpenAI({ apiKey: platform.token, baseURL: `${platform.url}/v1`, maxRetries: 0 })
  const asked = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] })

  describe('chat completions', () => {
    const { name, description, schema: parameters } = WEATHER
    const tools = [{ type: 'function' as const, function: { name, description, parameters } }]

    it('stream, with usage in the stream and without', async () => {
      for (const include_usage of [true, false]) {
        const stream = client().chat.completions.stream({
          ...asked(GREETING),
          stream_options: { include_usage },
        })
        const completion = await stream.finalChatCompletion()
        expectGreeting(completion.choices[0]?.message.content)
        // What the client did not ask for, it does not get.
        expect(completion.usage === undefined || completion.usage === null).toBe(!include_usage)
        await platform.expectBooks(1)
      }
    })

    it('use a tool, and answer with its result', async () => {
      const question = asked(QUESTION)
      const call = await client().chat.completions.create({ ...question, tools })
      const message = call.choices[0]?.message
      const [use] = message?.tool_calls ?? []
      expect(use).toMatchObject({ function: { name, arguments: '{"place":"Paris"}' } })
      const result = { role: 'tool' as const, tool_call_id: use?.id ?? '', content: WEATHER_RESULT }
      const messages = [...question.messages, ...(message ? [message] : []), result]
      const answer = client().chat.completions.stream({ ...question, tools, messages })
      expectResult(await answer.finalContent())
      await platform.expectBooks(2)
    })

    it('abort in the middle of an answer, which is billed whole all the same', async () => {
      const stream = client().chat.completions.stream(asked(LONG_ANSWER))
      stream.once('content', () => stream.abort())
      await expect(stream.finalChatCompletion()).rejects.toThrow(/aborted/)
      await platform.expectBooks(1)
    })
  })

  describe('responses', () => {
    const { name, description, schema: parameters } = WEATHER
    const tools = [{ type: 'function' as const, name, description, parameters, strict: true }]

    it('stream', async () => {
      const response = await client().responses.stream({ model: MODEL, input: GREETING }).finalResponse()
      expectGreeting(response.output_text)
      await platform.expectBooks(1)
    })

    it('use a tool, and answer with its result', async () => {
      const question = { role: 'user' as const, content: QUESTION }
      const call = await client().responses.create({ model: MODEL, input: [question], tools })
      const use = call.output.find((item) => item.type === 'function_call')
      expect(use).toMatchObject({ name, arguments: '{"place":"Paris"}' })
      const result = {
        type: 'function_call_output' as const,
        call_id: use?.call_id ?? '',
        output: WEATHER_RESULT,
      }
      const input = [question, ...(use ? [use] : []), result]
      const answer = await client().responses.create({ model: MODEL, input, tools })
      expectResult(answer.output_text)
      await platform.expectBooks(2)
    })

    it('abort in the middle of an answer, which is billed whole all the same', async () => {
      const stream = await client().responses.create({ model: MODEL, input: LONG_ANSWER, stream: true })
      for await (const event of stream)
        if (event.type === 'response.output_text.delta') stream.controller.abort()
      await platform.expectBooks(1)
    })
  })
})
