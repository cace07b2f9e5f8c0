/** Tokens and device logins of two api processes on one PostgreSQL: they agree, also about what comes at once. */
import { randomBytes } from 'node:crypto'
import { createApiClient, logIn, signUp } from '@matrixos/client'
import { DEVICE_GRANT } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { createTestDatabase } from '../support/test-database.ts'

/** What is promised for the end of a token. */
const REVOKED_MS = 5_000

describeReal(['postgres'], 'tokens of two api processes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let a: TestApi
  let b: TestApi
  beforeAll(async () => {
    database = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const env = { DATABASE_URL: database.url, TOKENS_PER_ACCOUNT: '3' }
    a = await startApi({ env })
    b = await startApi({ env })
  })
  afterAll(async () => {
    await Promise.all([a, b].map((api) => api?.[Symbol.asyncDispose]()))
    await database?.drop()
  })

  /** One person, signed in at both. */
  async function person(handle: string) {
    const authenticator = createAuthenticator()
    const [atA, atB] = [a.client(), b.client()]
    await signUp({ client: atA, authenticator, handle })
    await logIn({ client: atB, authenticator })
    return { atA, atB }
  }
  const create = ({ trpc }: PlatformClient) =>
    trpc.tokens.create.mutate({ name: 'test', scopes: ['tenant:read'] })

  it('are no more together than one account may have, however many are made at once', async () => {
    const { atA, atB } = await person('crowd')
    const made = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => create(i % 2 ? atA : atB)))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await atA.trpc.tokens.list.query()).toHaveLength(3)
  })

  it('end at one when they are revoked at the other: requests at once, streams within 5 s', async () => {
    const { atA, atB } = await person('revoker')
    const { token, view } = await create(atA)
    const program = createApiClient({ url: atB.hosts.apiOrigin, token })
    const { id: instanceId } = await program.tenants.mine.query()
    let events = 0
    const ended = new Promise<number>((resolve) => {
      const over = () => resolve(performance.now())
      const handlers = { onData: () => void events++, onError: over, onComplete: over }
      program.tenants.watch.subscribe({ instanceId }, handlers)
    })
    await until('the first state', () => events > 0)
    await atA.trpc.tokens.revoke.mutate({ id: view.id })
    const revoked = performance.now()
    expect((await refusal(program.tenants.mine.query())).status).toBe(401)
    expect((await ended) - revoked).toBeLessThan(REVOKED_MS)
  })

  it('are handed to a device once, whichever it asks, and however often at once', async () => {
    const { atA, atB } = await person('device')
    const post = async ({ browser, hosts }: PlatformClient, path: string, form: Record<string, string>) => {
      const response = await browser.fetch(`${hosts.apiOrigin}/device/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ client_id: 'tool', ...form }).toString(),
      })
      const body: Record<string, string> = await response.json()
      return { status: response.status, body }
    }
    const { body } = await post(atA, 'code', { scope: 'tenant:read' })
    const { device_code: deviceCode = '', user_code: userCode = '' } = body
    // Two sessions of one person: the first to look keeps the code.
    const looks = [atA, atB].map(({ trpc }) => trpc.device.inspect.mutate({ userCode }))
    const seen = await Promise.allSettled(looks)
    expect(seen.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const holder = seen[0]?.status === 'fulfilled' ? atA : atB
    await holder.trpc.device.approve.mutate({ userCode })
    const form = { grant_type: DEVICE_GRANT, device_code: deviceCode }
    const polls = Array.from({ length: 12 }, (_, i) => post(i % 2 ? atA : atB, 'token', form))
    const granted = (await Promise.all(polls)).filter(({ status }) => status === 200)
    expect(granted).toHaveLength(1)
    expect(await atA.trpc.tokens.list.query()).toHaveLength(1)
  })
})
