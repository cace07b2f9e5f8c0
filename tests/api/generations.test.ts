/** The container of an instance's present generation serves it; the one before goes once that does. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { sql } from 'drizzle-orm'
import { expect, it, vi } from 'vitest'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

it('moves an instance to its next container, and removes the one before only when that serves', async () => {
  let engine: Runtime | undefined
  const release = Promise.withResolvers<void>()
  const runtime = (real: Runtime): Runtime => {
    engine = real
    return {
      ...real,
      start: async (spec) => {
        if (spec.generation === 2) await release.promise
        return real.start(spec)
      },
    }
  }
  await using api = await startApi({ runtime, env: { RESYNC_S: '0.1' } })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'ada' })
  await waitUntilRunning(client)
  const row = async () => (await api.database.db.select().from(instances))[0]
  const containers = async () =>
    (await engine?.list())?.map(({ generation, status }) => `${generation} ${status}`).sort()
  expect(await containers()).toEqual(['1 running'])
  const before = await row()

  const version = sql`${instances.version} + 1`
  await api.database.db.update(instances).set({ generation: 2, version })
  await until('the next one is to start', async () => (await row())?.observed === 'starting')
  expect(await containers()).toEqual(['1 running', '2 created'])

  release.resolve()
  await until('the one before is gone', async () => (await containers())?.length === 1)
  expect(await containers()).toEqual(['2 running'])
  const after = await row()
  expect(after).toMatchObject({ observed: 'running', desired: 'awake', failures: 0 })
  const served = (await engine?.list())?.[0]?.address
  expect(after?.address?.gatewayPort).toBe(served?.gatewayPort)
  expect(after?.address).not.toEqual(before?.address)
})
