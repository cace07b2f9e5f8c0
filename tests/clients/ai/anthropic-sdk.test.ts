import CurrentSdk from '@anthropic-ai/sdk'
import EarlierSdk from 'anthropic-sdk-0'
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

interface ToolUse {
  type: 'tool_use'
  id: string
  name: string
  input: unknown
}
interface ToolResult {
  type: 'tool_result'
  tool_use_id: string
  content: string
}
/** What both versions take. */
interface Asked {
  model: string
  max_tokens: number
  messages: { role: 'user' | 'assistant'; content: string | ToolUse[] | ToolResult[] }[]
  tools?: { name: string; description: string; input_schema: typeof WEATHER.schema }[]
}

const asked = (content: string): Asked => ({
  model: MODEL,
  max_tokens: 1000,
  messages: [{ role: 'user', content }],
})
const tools = [{ name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema }]

type Credentials = { apiKey: string } | { apiKey: null; authToken: string }

/** Each version by its own types, asked for the same. */
function current(credentials: Credentials) {
  const { messages } = new CurrentSdk({ ...credentials, baseURL: platform().url, maxRetries: 0 })
  return {
    stream: (body: Asked) => messages.stream(body).finalText(),
    toolUse: async (body: Asked) =>
      (await messages.create(body)).content.find((block) => block.type === 'tool_use'),
    async abort(body: Asked) {
      const stream = messages.stream(body)
      stream.once('text', () => stream.abort())
      await stream.finalMessage()
    },
  }
}

function earlier(credentials: Credentials): ReturnType<typeof current> {
  const { messages } = new EarlierSdk({ ...credentials, baseURL: platform().url, maxRetries: 0 })
  return {
    stream: (body) => messages.stream(body).finalText(),
    toolUse: async (body) => (await messages.create(body)).content.find((block) => block.type === 'tool_use'),
    async abort(body) {
      const stream = messages.stream(body)
      stream.once('text', () => stream.abort())
      await stream.finalMessage()
    },
  }
}

const CLIENTS = {
  '@anthropic-ai/sdk': () => current({ apiKey: platform().token }),
  '@anthropic-ai/sdk 0.x': () => earlier({ apiKey: platform().token }),
  '@anthropic-ai/sdk with a bearer token': () => current({ apiKey: null, authToken: platform().token }),
}

describe.each(Object.entries(CLIENTS))('%s', (_, client) => {
  it('streams', async () => {
    expectGreeting(await client().stream(asked(GREETING)))
    await platform().expectBooks(1)
  })

  it('uses a tool, and answers with its result', async () => {
    const question = { ...asked(QUESTION), tools }
    const use = await client().toolUse(question)
    expect(use).toMatchObject({ name: WEATHER.name, input: { place: 'Paris' } })
    const { id = '', name = '', input } = use ?? {}
    const answer = await client().stream({
      ...question,
      messages: [
        ...question.messages,
        { role: 'assistant', content: [{ type: 'tool_use', id, name, input }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: WEATHER_RESULT }] },
      ],
    })
    expectResult(answer)
    await platform().expectBooks(2)
  })

  it('aborts in the middle of an answer, which is billed whole all the same', async () => {
    await expect(client().abort(asked(LONG_ANSWER))).rejects.toThrow(/aborted/)
    await platform().expectBooks(1)
  })
})

describe('the rest of the protocol', () => {
  const sdk = () => new CurrentSdk({ apiKey: platform().token, baseURL: platform().url, maxRetries: 0 })
  const user = (content: string) => ({ role: 'user' as const, content })

  it('counts tokens and lists models, for nothing', async () => {
    const counted = { model: MODEL, messages: [user(GREETING)] }
    expect(await sdk().messages.countTokens(counted)).toMatchObject({ input_tokens: 2 })
    expect((await sdk().models.list()).data.map(({ id }) => id)).toContain(MODEL)
    await platform().expectBooks(0)
  })

  it('passes errors on in the client’s own types, before the stream and in the middle of it', async () => {
    const { messages } = sdk()
    const ask = (script: object) => ({
      model: MODEL,
      max_tokens: 100,
      messages: [user(`#scripted ${JSON.stringify(script)}\n`)],
    })
    await expect(messages.create(ask({ status: 529 }))).rejects.toMatchObject({
      status: 529,
      type: 'overloaded_error',
    })
    await expect(messages.create(ask({ status: 429 }))).rejects.toThrow(CurrentSdk.RateLimitError)
    await platform().expectBooks(0)
    await expect(messages.stream(ask({ errorAfterEvents: 4 })).finalMessage()).rejects.toThrow(
      /overloaded_error/,
    )
    await platform().expectBooks(1)
  })
})
