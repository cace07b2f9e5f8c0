/** The name that others see. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

async function person(handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

it('is the handle at first, and can be changed by its owner alone', async () => {
  const [ada, bob] = [await person('ada'), await person('bob')]
  const changed = await ada.trpc.auth.profile.update.mutate({ displayName: '  Ada Lovelace ' })
  expect(changed).toMatchObject({ handle: 'ada', displayName: 'Ada Lovelace' })
  await expect(ada.trpc.auth.session.query()).resolves.toMatchObject({ displayName: 'Ada Lovelace' })
  await expect(bob.trpc.auth.me.query()).resolves.toMatchObject({ displayName: 'bob' })
})

it('is written down once for each change', async () => {
  const client = await person('carla')
  for (const displayName of ['Carla', 'Carla', 'Carla C.'])
    await client.trpc.auth.profile.update.mutate({ displayName })
  const rows = await api.database.db.query.auditLog.findMany({
    where: (row, { eq }) => eq(row.action, 'profile_changed'),
  })
  const names = rows.map(({ detail }) => detail.displayName)
  expect(names.filter((name) => String(name).startsWith('Carla'))).toEqual(['Carla', 'Carla C.'])
})

it('refuses what cannot be read, and whoever is signed out', async () => {
  const client = await person('dora')
  const bad = await refusal(client.trpc.auth.profile.update.mutate({ displayName: 'Dora\u202E' }))
  expect(bad).toMatchObject({ code: 'invalid_input', status: 400 })
  const nobody = await refusal(api.client().trpc.auth.profile.update.mutate({ displayName: 'Nobody' }))
  expect(nobody.code).toBe('unauthorized')
})
