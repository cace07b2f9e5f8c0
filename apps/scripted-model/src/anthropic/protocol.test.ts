import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { startScriptedModel } from '../server.ts'
import { clientOf, HELLO, MODEL } from './testing/client.ts'

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
