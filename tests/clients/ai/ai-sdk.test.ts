import { createAnthropic } from '@ai-sdk/anthropic'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import {
  expectGreeting,
  expectResult,
  GREETING,
  LONG_ANSWER,
  MODEL,
  QUESTION,
  WEATHER,
  WEATHER_RESULT,
} from './shapes.ts'
import { useAiPlatform } from './use-platform.ts'

const platform = useAiPlatform()

describe('@ai-sdk/anthropic', () => {
  // Its base URL has the version in it.
  const model = () => createAnthropic({ apiKey: platform().token, baseURL: `${platform().url}/v1` })(MODEL)

  it('streams', async () => {
    const { text, usage } = streamText({ model: model(), prompt: GREETING, maxRetries: 0 })
    expectGreeting(await text)
    expect((await usage).outputTokens).toBeGreaterThan(10)
    await platform().expectBooks(1)
  })

  it('uses a tool, and answers with its result', async () => {
    const asked: unknown[] = []
    const weather = tool({
      description: WEATHER.description,
      inputSchema: jsonSchema(WEATHER.schema),
      execute: async (input) => {
        asked.push(input)
        return WEATHER_RESULT
      },
    })
    const tools = { [WEATHER.name]: weather }
    const { text } = await generateText({
      model: model(),
      prompt: QUESTION,
      tools,
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    })
    expect(asked).toEqual([{ place: 'Paris' }])
    expectResult(text)
    await platform().expectBooks(2)
  })

  it('aborts in the middle of an answer, which is billed whole all the same', async () => {
    const abort = new AbortController()
    const { textStream } = streamText({
      model: model(),
      prompt: LONG_ANSWER,
      abortSignal: abort.signal,
      maxRetries: 0,
    })
    let read = ''
    for await (const text of textStream) {
      read += text
      abort.abort()
    }
    expect(read).toMatch(/^word0/)
    expect(read).not.toContain('word59')
    await platform().expectBooks(1)
  })
})
