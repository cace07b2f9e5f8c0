import { describe, expect, it } from 'vitest'
import type { Script } from '../script/schema.ts'
import { startScriptedModel } from '../server.ts'
import { clientOf, HELLO, MODEL, scripted, truthOf } from './testing/client.ts'

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
