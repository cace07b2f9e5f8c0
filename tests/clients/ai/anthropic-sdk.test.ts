import CurrentSdk from '@anthropic-ai/sdk'
import EarlierSdk from 'anthropic-sdk-0'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AiPlatform, startAiPlatform } from './platform.ts'
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

let platform: AiPlatform
beforeAll(async () => {
  platform = await startAiPlatform()
})
afterAll(() => platform?.[Symbol.asyncDispose]())

const asked = (content: string) => ({
  model: MODEL,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
})
const tool = { name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema }

// Both as an instance has it: nothing is set but the two variables.
const CLIENTS = {
  '@anthropic-ai/sdk': () => new CurrentSdk({ apiKey: platform.token, baseURL: platform.url, maxRetries: 0 }),
  '@anthropic-ai/sdk 0.x': () =>
    new EarlierSdk({ apiKey: platform.token, baseURL: platform.url, maxRetries: 0 }),
  '@anthropic-ai/sdk with a bearer token': () =>
    new CurrentSdk({ apiKey: null, authToken: platform.token, baseURL: platform.url, maxRetries: 0 }),
}

for (const [name, client] of Object.entries(CLIENTS)) {
  describe(name, () => {
    it('streams', async () => {
      const message = await client().messages.stream(asked(GREETING)).finalMessage()
      expectGreeting(message.content.find((block) => block.type === 'text')?.text)
      await platform.expectBooks(1)
    })

    it('uses a tool', async () => {
      const question = asked(QUESTION)
      const call = await client().messages.create({ ...question, tools: [tool] })
      const use = call.content.find((block) => block.type === 'tool_use')
      expect(use).toMatchObject({ name: WEATHER.name, input: { place: 'Paris' } })
      const result = { type: 'tool_result' as const, tool_use_id: use?.id ?? '', content: WEATHER_RESULT }
      const answer = await client()
        .messages.stream({
          ...question,
          tools: [tool],
          messages: [
            ...question.messages,
            { role: 'assistant', content: call.content },
            { role: 'user', content: [result] },
          ],
        })
        .finalText()
      expectResult(answer)
      await platform.expectBooks(2)
    })

    it('aborts in the middle of an answer, which is billed whole all the same', async () => {
      const stream = client().messages.stream(asked(LONG_ANSWER))
      stream.once('text', () => stream.abort())
      await expect(stream.finalMessage()).rejects.toThrow(/aborted/)
      await platform.expectBooks(1)
    })
  })
}

describe('the rest of the protocol', () => {
  it('counts tokens and lists models, for nothing', async () => {
    const sdk = CLIENTS['@anthropic-ai/sdk']()
    const { max_tokens: _, ...counted } = asked(GREETING)
    expect(await sdk.messages.countTokens(counted)).toMatchObject({ input_tokens: 2 })
    expect((await sdk.models.list()).data.map(({ id }) => id)).toContain(MODEL)
    await platform.expectBooks(0)
  })

  it('tells errors in mid-stream apart by the client’s own types', async () => {
    const overloaded = `#scripted ${JSON.stringify({ status: 529 })}\n`
    const sdk = CLIENTS['@anthropic-ai/sdk']()
    await expect(sdk.messages.create(asked(overloaded))).rejects.toMatchObject({
      status: 529,
      type: 'overloaded_error',
    })
    const broken = sdk.messages.stream(asked(`#scripted ${JSON.stringify({ errorAfterEvents: 4 })}\n`))
    await expect(broken.finalMessage()).rejects.toThrow(/overloaded_error/)
    await platform.expectBooks(1)
  })
})
