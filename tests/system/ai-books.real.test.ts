/** What people and books see when the database fails under the AI proxy: nothing unpaid is served, nothing is lost. */
import { describeReal } from '@matrixos/testing/describe-real'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startScriptedModel } from '../../apps/scripted-model/src/server.ts'
import { type AiProxy, startAiProxy } from '../support/ai-proxy.ts'
import { databaseCable } from '../support/cable.ts'
import { canLimitDisk, type OwnPostgres, startOwnPostgres } from '../support/own-postgres.ts'

const BOOKS_AWAY = {
  type: 'error',
  error: { type: 'overloaded_error', message: expect.stringMatching(/cannot reach its books.*Try again/) },
  request_id: expect.stringMatching(/^aic_/),
}
/** Enough that it is under way whenever the test wants it to be. */
const LONG = { words: 400, eventDelayMs: 5 }
/** No limit is meant to refuse anything here. */
const ENOUGH = { AI_CREDITS_USD: '1000', AI_CALLS_AT_ONCE: '100', AI_CALLS_PER_MINUTE: '10000' }
const DISK_MB = 96

/** A stream that stays where it is until the function that it resolves with is called, which reads the rest. */
async function beginStream(world: World) {
  const answer = await world.proxy.call({ stream: true }, { script: LONG })
  expect(answer.status).toBe(200)
  const reader = answer.body?.getReader()
  let text = Buffer.from((await reader?.read())?.value ?? []).toString()
  world.provider.freeze()
  return async () => {
    world.provider.thaw()
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) return text
      text += Buffer.from(value ?? []).toString()
    }
  }
}

interface World extends AsyncDisposable {
  own: OwnPostgres
  model: Awaited<ReturnType<typeof startScriptedModel>>
  provider: Awaited<ReturnType<typeof databaseCable>>
  proxy: AiProxy
}

async function startWorld(options?: { diskMb: number }): Promise<World> {
  await using started = new AsyncDisposableStack()
  const own = started.use(await startOwnPostgres(options))
  const model = started.use(await startScriptedModel())
  const provider = await databaseCable(model.url)
  started.defer(provider.cut)
  const env = { ANTHROPIC_UPSTREAM: new URL(provider.url).origin, ANTHROPIC_API_KEY: 'sk-ant-any', ...ENOUGH }
  const proxy = started.use(await startAiProxy(own.url, env))
  expect((await proxy.call()).status).toBe(200)
  await proxy.settled(1)
  const all = started.move()
  return { own, model, provider, proxy, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** Files that were there before the disk was full take a few more, and those of a database that has just ended as well. */
async function callUntilRefused({ proxy }: World): Promise<void> {
  let answer = await proxy.call()
  while (answer.status === 200) {
    await answer.text()
    answer = await proxy.call()
  }
  expect(await answer.json()).toEqual(BOOKS_AWAY)
}

/** Refused before the provider sees anything of it. */
async function expectRefused({ proxy, model }: World): Promise<void> {
  const asked = model.truth().length
  const answer = await proxy.call()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('2')
  expect(await answer.json()).toEqual(BOOKS_AWAY)
  expect(model.truth()).toHaveLength(asked)
}

/** Without help: a call is served again, and what the provider served is what the books charged. */
async function expectHealed({ proxy, model }: World): Promise<void> {
  await expect.poll(async () => (await proxy.call()).status).toBe(200)
  const served = model.truth()
  const { calls, account } = await proxy.settled(served.length)
  expect(new Set(calls.map(({ providerRequestId }) => providerRequestId))).toEqual(
    new Set(served.map(({ requestId }) => requestId)),
  )
  expect(calls.every(({ status }) => status === 'settled')).toBe(true)
  const outputs = calls.map(({ outputTokens }) => outputTokens)
  const truly = served.map(({ parts }) => parts.reduce((sum, { usage }) => sum + usage.output, 0))
  expect(outputs.toSorted()).toEqual(truly.toSorted())
  const spent = calls.reduce((sum, { cost }) => sum + cost, 0n)
  expect(account).toMatchObject({ spent, held: 0n, live: 0 })
}

describeReal(['postgres'], 'the AI proxy and a database that fails', () => {
  // One for all: each case leaves it healed, with books that hold what it served, too.
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('refuses calls while the database is gone, and serves when it is back', async () => {
    await world.own.kill()
    await expectRefused(world)
    await expectRefused(world)
    await world.own.start()
    await expectHealed(world)
  })

  it('serves a stream to its end whose database is killed, and charges it when that is back', async () => {
    const finish = await beginStream(world)
    await world.own.kill()
    expect(await finish()).toContain('message_stop')
    await expectRefused(world)
    await world.own.start()
    await expectHealed(world)
  })

  it('serves a stream to its end whose database hangs, refuses others, and charges both sides right', async () => {
    const finish = await beginStream(world)
    world.own.freeze()
    await expectRefused(world)
    expect(await finish()).toContain('message_stop')
    world.own.thaw()
    await expectHealed(world)
  })

  it('reads on what a client left while the database was gone, and charges that', async () => {
    const client = new AbortController()
    const answer = await world.proxy.call({ stream: true }, { script: LONG, signal: client.signal })
    expect(answer.status).toBe(200)
    await world.own.kill()
    client.abort()
    await world.own.start()
    await expectHealed(world)
  })

  it('loses no call and charges none twice when the database is killed under many', async () => {
    const statuses: number[] = []
    let isOver = false
    const caller = async () => {
      while (!isOver) {
        const answer = await world.proxy.call()
        await answer.text()
        statuses.push(answer.status)
      }
    }
    const callers = Array.from({ length: 16 }, caller)
    for (let kills = 0; kills < 3; kills++) {
      const before = statuses.filter((status) => status === 200).length
      await expect.poll(() => statuses.filter((status) => status === 200).length).toBeGreaterThan(before + 50)
      await world.own.kill()
      await world.own.start()
    }
    isOver = true
    await Promise.all(callers)
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    await expectHealed(world)
  })
})

describeReal(['postgres'], 'the AI proxy and a database on a full disk', () => {
  let world: World
  beforeAll(async () => {
    if (canLimitDisk) world = await startWorld({ diskMb: DISK_MB })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it.runIf(canLimitDisk)(
    'serves nothing it cannot write down on a full disk, and heals when there is room',
    async () => {
      world.own.fillDisk()
      await callUntilRefused(world)
      world.own.freeDisk()
      if (!world.own.isRunning()) await world.own.start()
      await expectHealed(world)
    },
  )

  it.runIf(canLimitDisk)(
    'serves a stream to its end whose database ends on a full disk, and charges it later',
    async () => {
      const finish = await beginStream(world)
      world.own.fillDisk()
      const { db } = world.proxy.database
      const writeLog = () =>
        db.execute(sql`select pg_logical_emit_message(true, 'test', repeat('x', 100000))`)
      await expect
        .poll(
          () =>
            writeLog().then(
              () => 'written',
              () => 'full',
            ),
          { interval: 0 },
        )
        .toBe('full')
      expect(await finish()).toContain('message_stop')
      await callUntilRefused(world)
      world.own.freeDisk()
      if (!world.own.isRunning()) await world.own.start()
      await expectHealed(world)
    },
  )
})
