/** What the gate and the api say while PostgreSQL hangs, or answers slowly. */
import { randomBytes } from 'node:crypto'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { type Cable, databaseCable } from '../support/cable.ts'
import { createTestDatabase } from '../support/test-database.ts'

/** Answers of the gate come within the hold and the wait for a session, however busy the machine is. */
const SETTINGS = { WAKE_HOLD_S: '1', PAGE_AFTER_S: '0.5', DATABASE_TIMEOUT_S: '2', SESSION_GRACE_S: '3600' }

/** How long an answer of the database about a session is believed. */
const SESSION_FRESH_MS = 2_000

describeReal(['postgres'], 'a database in trouble', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  let cable: Cable & { url: string }
  let api: TestApi
  beforeAll(async () => {
    made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    cable = await databaseCable(made.url)
    api = await startApi({ env: { ...SETTINGS, DATABASE_URL: cable.url } })
  })
  afterAll(async () => {
    cable.thaw()
    await api?.[Symbol.asyncDispose]()
    await cable.cut()
    await made.drop()
  })

  /** Signs up and goes through the hand-off; answers the cookie of the instance's host. */
  async function person(handle: string) {
    const client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    await waitUntilRunning(client)
    return { client, cookie: await enter(client, handle) }
  }
  async function enter(client: PlatformClient, handle: string): Promise<string> {
    const asked = await api.ask(`${handle}.localhost`, visit('/'))
    const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    const headers = { cookie: nonce }
    await client.browser.navigate(launched.headers.get('location') ?? '', { redirect: 'manual', headers })
    const cookie = client.browser.jar.get(`${handle}.localhost`, COOKIES.app.name)
    return `${cookie?.name}=${cookie?.value}`
  }
  const statusOf = async (handle: string, cookie: string) =>
    (await api.ask(`${handle}.localhost`, sameOrigin('/', cookie))).status
  const observed = async (client: PlatformClient) => (await client.trpc.tenants.mine.query()).observed

  it('keeps every request within its time while the database hangs, and heals', async () => {
    const awake = await person('awake')
    const asleep = await person('asleep')
    expect(await statusOf('awake', awake.cookie)).toBe(204)
    expect(await statusOf('asleep', asleep.cookie)).toBe(204)
    await putInstanceToSleep(asleep.client)
    await until('it sleeps', async () => (await observed(asleep.client)) === 'stopped')

    cable.freeze()
    const [me, unknown, waking, page, open] = await Promise.all([
      refusal(awake.client.trpc.auth.me.query()),
      api.ask('stranger.localhost', visit('/')),
      api.ask('asleep.localhost', sameOrigin('/', asleep.cookie)),
      api.ask('asleep.localhost', visit('/', asleep.cookie)),
      api.ask('awake.localhost', sameOrigin('/', awake.cookie)),
    ])
    expect(me).toMatchObject({ code: 'database_unavailable', status: 503 })
    expect([unknown.status, waking.status, page.status, open.status]).toEqual([503, 503, 503, 204])
    expect(waking.headers['retry-after']).toMatch(/^\d+$/)
    expect(page.headers['content-type']).toContain('text/html')

    cable.thaw()
    await until('the api serves again', () => awake.client.trpc.auth.me.query().catch(() => null), 30_000)
    await until('the sleeper wakes', async () => (await statusOf('asleep', asleep.cookie)) === 204, 30_000)
  })

  it('lets no ended session back in while the database is slow, and keeps the living ones', async () => {
    const gone = await person('gone')
    const stays = await person('stays')
    expect(await statusOf('gone', gone.cookie)).toBe(204)
    expect(await statusOf('stays', stays.cookie)).toBe(204)
    await gone.client.trpc.auth.logout.mutate()
    expect(await statusOf('gone', gone.cookie)).toBe(401)

    const other = postgres(made.url, { max: 1, onnotice: () => undefined })
    const locked = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const holding = other.begin(async (tx) => {
      await tx`lock table sessions`
      locked.resolve()
      await done.promise
    })
    await locked.promise
    try {
      for (let round = 0; round < 4; round++) {
        // Whatever is kept of earlier answers is too old now.
        api.advance(SESSION_FRESH_MS + 1)
        expect(await statusOf('gone', gone.cookie)).toBe(401)
        expect(await statusOf('stays', stays.cookie)).toBe(204)
      }
    } finally {
      done.resolve()
    }
    await holding
    await other.end()
  })
})

describeReal(['postgres'], 'a session of which nothing is known', () => {
  it('waits outside until the database answers again', async () => {
    const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const cable = await databaseCable(made.url)
    const env = { ...SETTINGS, SESSION_GRACE_S: '0.1', DATABASE_URL: cable.url }
    await using api = await startApi({ env })
    const client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'forgotten' })
    await waitUntilRunning(client)
    const asked = await api.ask('forgotten.localhost', visit('/'))
    const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    const headers = { cookie: nonce }
    await client.browser.navigate(launched.headers.get('location') ?? '', { redirect: 'manual', headers })
    const cookie = client.browser.jar.get('forgotten.localhost', COOKIES.app.name)
    const ask = () => api.ask('forgotten.localhost', sameOrigin('/', `${cookie?.name}=${cookie?.value}`))
    expect((await ask()).status).toBe(204)
    cable.freeze()
    const refused = await until('it is refused', async () => {
      const answer = await ask()
      return answer.status === 204 ? null : answer
    })
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5'])
    cable.thaw()
    await until('it is let in', async () => (await ask()).status === 204, 30_000)
    await cable.cut()
    await made.drop()
  })
})
