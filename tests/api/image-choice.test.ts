/** Which image computers are made of is the operator's choice, also for those that are there already. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { INSTANCE_IMAGES } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { expect, it, vi } from 'vitest'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

it('changes the reference image of a computer that runs on without noticing, for its next start', async () => {
  const started: string[] = []
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    start: async (spec) => {
      started.push(spec.env.MATRIX_IMAGE)
      return await real.start(spec)
    },
  })
  await using api = await startApi({ runtime })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'ada' })
  const { id: instanceId } = await waitUntilRunning(client)
  const row = async () => (await api.database.db.select().from(instances))[0]

  await using chosen = await startApi({ beside: api, env: { INSTANCE_IMAGE: INSTANCE_IMAGES.full } })
  expect(await row()).toMatchObject({ image: INSTANCE_IMAGES.full, observed: 'running' })
  expect(started).toEqual([INSTANCE_IMAGES.slim])
  await client.trpc.tenants.sleep.mutate({ instanceId })
  await until('it sleeps', async () => (await row())?.observed === 'stopped')
  await client.trpc.tenants.wake.mutate({ instanceId })
  await until('it runs', async () => (await row())?.observed === 'running')
  expect(started).toEqual([INSTANCE_IMAGES.slim, INSTANCE_IMAGES.full])

  // An image of the operator's own is for computers that are made from then on.
  await using own = await startApi({ beside: chosen, env: { INSTANCE_IMAGE: 'registry.example/own:1' } })
  expect(own.env.INSTANCE_IMAGE).toBe('registry.example/own:1')
  expect(await row()).toMatchObject({ image: INSTANCE_IMAGES.full })
})
