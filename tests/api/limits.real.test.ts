/** Two api processes on one PostgreSQL: what one has counted, the other knows. */
import { randomBytes } from 'node:crypto'
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { createTestDatabase } from '../support/test-database.ts'

describeReal(['postgres'], 'limits of two api processes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let apis: TestApi[] = []

  beforeEach(async () => {
    database = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  })
  afterEach(async () => {
    await Promise.all(apis.map((api) => api[Symbol.asyncDispose]()))
    apis = []
    await database.drop()
  })

  async function startTwo(env: Record<string, string>): Promise<[TestApi, TestApi]> {
    const start = async () => {
      const api = await startApi({ env: { DATABASE_URL: database.url, ...env } })
      apis.push(api)
      return api
    }
    return [await start(), await start()]
  }
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      async () => (await refusal(call)).code,
    )

  it('serve no more attempts together than one may, however many come at once', async () => {
    const two = await startTwo({ AUTH_ATTEMPTS_PER_MINUTE: '20' })
    const clients = two.map((api) => api.client())
    const attempts = clients.flatMap(({ trpc }) =>
      Array.from({ length: 30 }, () => codeOf(trpc.auth.loginPasskeyOptions.mutate())),
    )
    const codes = await Promise.all(attempts)
    expect(codes.filter((code) => code === 'ok')).toHaveLength(20)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(40)
  })

  it('create no more accounts together than one may', async () => {
    const two = await startTwo({ SIGN_UPS_PER_NETWORK_PER_HOUR: '2' })
    const create = (api: TestApi, handle: string) =>
      codeOf(signUp({ client: api.client(), authenticator: createAuthenticator(), handle }))
    expect([await create(two[0], 'one'), await create(two[1], 'two')]).toEqual(['ok', 'ok'])
    const refused = [await create(two[0], 'three'), await create(two[1], 'four')]
    expect(refused).toEqual(['too_many_requests', 'too_many_requests'])
  })
})
