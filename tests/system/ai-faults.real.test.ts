/** What people and books see when the provider or the database fails under the AI proxy. */
import { randomBytes } from 'node:crypto'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../apps/scripted-model/src/server.ts'
import { type AiProxy, startAiProxy } from '../support/ai-proxy.ts'
import { type Cable, databaseCable } from '../support/cable.ts'
import { createTestDatabase } from '../support/test-database.ts'

const KEY = 'sk-ant-of-the-platform'

const providerError = (type: string, message: RegExp) => ({
  type: 'error',
  error: { type, message: expect.stringMatching(message) },
  request_id: expect.stringMatching(/^aic_/),
})

describeReal(['postgres'], 'the AI proxy and a provider that fails', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  let model: ScriptedModel
  let cable: Cable & { url: string }
  beforeAll(async () => {
    made = await createTestDatabase(`ai_faults_${randomBytes(6).toString('hex')}`)
    model = await startScriptedModel({ apiKey: KEY })
    cable = await databaseCable(model.url)
  })
  afterAll(async () => {
    await cable.cut()
    await model.close()
    await made.drop()
  })

  const start = (key = KEY) =>
    startAiProxy(made.url, { ANTHROPIC_UPSTREAM: new URL(cable.url).origin, ANTHROPIC_API_KEY: key })

  /** A call that gets no answer, once the provider has it: an end before that would charge nothing. */
  async function callUnanswered(proxy: AiProxy, body: object, signal = new AbortController().signal) {
    const before = model.received()
    const answer = proxy.call(body, { script: { neverAnswer: true }, signal })
    answer.catch(() => undefined)
    await expect.poll(() => model.received()).toBe(before + 1)
    const { account, holds } = await proxy.books()
    expect(account).toMatchObject({ live: 1 })
    return { answer, hold: holds[0] }
  }

  async function expectHealed(proxy: AiProxy) {
    const before = (await proxy.books()).calls.length
    expect((await proxy.call()).status).toBe(200)
    const { account, calls } = await proxy.settled(before + 1)
    expect(account).toMatchObject({ held: 0n, live: 0 })
    expect(calls.at(-1)).toMatchObject({ status: 'settled' })
  }

  it('says whose trouble a refused key of the platform is, and charges nothing', async () => {
    await using proxy = await start('sk-ant-revoked')
    const answer = await proxy.call()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('60')
    expect(await answer.json()).toEqual(providerError('api_error', /platform's AI key was refused.*operator/))
    expect((await proxy.settled(0)).account).toMatchObject({ spent: 0n, held: 0n, live: 0 })
    expect(proxy.log()).toContain("THE PROVIDER REFUSES THE PLATFORM'S KEY")
    expect(proxy.log()).not.toContain('sk-ant-revoked')
  })

  it('charges nothing while the provider refuses connections, and serves when it takes them', async () => {
    await using proxy = await start()
    await cable.cut()
    for (const stream of [false, true]) {
      const answer = await proxy.call({ stream })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(await answer.json()).toEqual(providerError('api_error', /provider cannot be reached/))
    }
    const { account } = await proxy.settled(0)
    expect(account).toMatchObject({ spent: 0n, held: 0n, live: 0 })
    await cable.mend()
    await expectHealed(proxy)
  })
  it('frees the slot of a client that gives up on a provider that never answers, and flags what it charges', async () => {
    await using proxy = await start()
    for (const stream of [false, true]) {
      const client = new AbortController()
      const before = (await proxy.books()).calls.length
      const { answer, hold } = await callUnanswered(proxy, { stream }, client.signal)
      client.abort()
      await expect(answer).rejects.toThrow()
      await expect.poll(async () => (await proxy.books()).account).toMatchObject({ live: 0 })
      await cable.cut()
      await cable.mend()
      const { calls } = await proxy.settled(before + 1)
      // Whether the provider worked on it, nobody knows.
      expect(calls.at(-1)).toMatchObject({ status: 'estimated', cost: hold?.amount, httpStatus: null })
      await expectHealed(proxy)
    }
  })

  it('tells a client that waits when a provider that never answers is gone', async () => {
    await using proxy = await start()
    const unanswered = await callUnanswered(proxy, {})
    await cable.cut()
    const answer = await unanswered.answer
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual(providerError('api_error', /provider cannot be reached/))
    await cable.mend()
    expect((await proxy.settled(1)).calls).toMatchObject([{ status: 'estimated' }])
    await expectHealed(proxy)
  })
})
