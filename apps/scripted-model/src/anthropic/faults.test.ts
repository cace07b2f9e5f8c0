import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { startScriptedModel } from '../server.ts'
import { clientOf, HELLO, scripted, truthOf } from './testing/client.ts'

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
