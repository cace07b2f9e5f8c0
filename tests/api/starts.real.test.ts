/** Two api processes on one PostgreSQL, before a runtime that counts: whichever is asked, one of them starts an instance. */
import { randomBytes } from 'node:crypto'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { sameOrigin, startApi } from '../support/api.ts'
import { enter } from '../support/enter.ts'
import { openFakeRuntime } from '../support/fake-runtime.ts'
import { createTestDatabase } from '../support/test-database.ts'

describeReal(['postgres'], 'a sleeper that two api processes are asked for', () => {
  it('is started once for all requests to both at once', async () => {
    const database = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    await using fake = await openFakeRuntime()
    const common = { runtime: () => fake.runtime, env: { DATABASE_URL: database.url } }
    {
      await using a = await startApi(common)
      await using b = await startApi({ ...common, homes: () => a.shared.homes })
      const client = a.client()
      await signUp({ client, authenticator: createAuthenticator(), handle: 'shared' })
      await waitUntilRunning(client)
      const cookie = await enter(a, client, 'shared')
      const ask = (api: typeof a) => api.ask('shared.localhost', sameOrigin('/', cookie))
      await until('B lets its owner in', async () => (await ask(b)).status === 204)
      await putInstanceToSleep(client)
      const rows = () => b.database.db.query.instances.findMany()
      await until('it sleeps', async () => (await rows())[0]?.observed === 'stopped')
      expect(fake.starts('shared')).toBe(1)

      const release = fake.holdStarts('shared')
      const asked = Array.from({ length: 100 }, (_, index) => ask(index % 2 ? a : b))
      await until('it is being started', () => fake.starts('shared') > 1)
      release()
      const statuses = (await Promise.all(asked)).map(({ status }) => status)
      expect(statuses).toEqual(Array(100).fill(204))
      expect(fake.starts('shared')).toBe(2)
    }
    await database.drop()
  })
})
