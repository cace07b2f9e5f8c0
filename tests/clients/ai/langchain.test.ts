import { ChatAnthropic } from '@langchain/anthropic'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
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

describe('@langchain/anthropic', () => {
  const model = () =>
    new ChatAnthropic({
      model: MODEL,
      apiKey: platform().token,
      anthropicApiUrl: platform().url,
      maxTokens: 1000,
      maxRetries: 0,
    })

  it('streams', async () => {
    let text = ''
    for await (const chunk of await model().stream(GREETING)) text += chunk.text
    expectGreeting(text)
    await platform().expectBooks(1)
  })

  it('uses a tool, and answers with its result', async () => {
    const weather = tool(async () => WEATHER_RESULT, {
      name: WEATHER.name,
      description: WEATHER.description,
      schema: z.object({ place: z.string() }),
    })
    const bound = model().bindTools([weather])
    const question = new HumanMessage(QUESTION)
    const call = await bound.invoke([question])
    const [use] = call.tool_calls ?? []
    expect(use).toMatchObject({ name: WEATHER.name, args: { place: 'Paris' } })
    const result = new ToolMessage({ content: WEATHER_RESULT, tool_call_id: use?.id ?? '' })
    const answer = await bound.invoke([question, call, result])
    expectResult(answer.text)
    await platform().expectBooks(2)
  })

  it('aborts in the middle of an answer, which is billed whole all the same', async () => {
    const abort = new AbortController()
    const read = async () => {
      for await (const chunk of await model().stream(LONG_ANSWER, { signal: abort.signal }))
        if (chunk.text) abort.abort()
    }
    await expect(read()).rejects.toThrow(/abort/i)
    await platform().expectBooks(1)
  })
})
