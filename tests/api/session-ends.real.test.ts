/** Two api processes on one PostgreSQL: a session that ends at one is over at the other within 5 s, for instances too. */
import { randomBytes } from 'node:crypto'
import { logIn, signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sameOrigin, startApi, type TestApi } from '../support/api.ts'
import { enter } from '../support/enter.ts'
import { createTestDatabase } from '../support/test-database.ts'

const PROMISED_MS = 5_000

describeReal(['postgres'], 'the end of a session at two api processes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let a: TestApi
  let b: TestApi

  beforeEach(async () => {
    database = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const env = { DATABASE_URL: database.url }
    a = await startApi({ env })
    b = await startApi({ env })
  })
  afterEach(async () => {
    await a?.[Symbol.asyncDispose]()
    await b?.[Symbol.asyncDispose]()
    await database.drop()
  })

  /** Two browsers of one person at the first api, and the instance cookie of the second browser. */
  async function person(handle: string) {
    const authenticator = createAuthenticator()
    const [one, other] = [a.client(), a.client()]
    await signUp({ client: one, authenticator, handle })
    await logIn({ client: other, authenticator })
    const cookie = await enter(a, other, handle)
    const status = async () => (await b.ask(`${handle}.localhost`, sameOrigin('/', cookie))).status
    // Whether the instance is awake is of no matter: 401 is for those whose session is over.
    await expect.poll(status, { timeout: 30_000 }).not.toBe(401)
    return { one, other, status }
  }
  const idOf = async ({ trpc }: PlatformClient) =>
    (await trpc.auth.sessions.list.query()).find(({ current }) => current)?.id ?? 'ses_none'

  it('shuts the instance when one is revoked', async () => {
    const { one, other, status } = await person('revoked')
    await one.trpc.auth.sessions.revoke.mutate({ id: await idOf(other) })
    await expect.poll(status, { timeout: PROMISED_MS }).toBe(401)
  })

  it('shuts the instance when all others are revoked', async () => {
    const { one, status } = await person('others')
    await one.trpc.auth.sessions.revokeOthers.mutate()
    await expect.poll(status, { timeout: PROMISED_MS }).toBe(401)
  })
})
