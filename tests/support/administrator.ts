/** People and administrators of an api under test. */
import { signUp } from '@matrixos/client'
import type { PeopleAction } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { eq } from 'drizzle-orm'
import { users } from '../../apps/api/src/db/schema/index.ts'
import type { TestApi } from './api.ts'

export async function newPerson(api: TestApi, handle: string, invite?: string) {
  const client = api.client()
  const authenticator = createAuthenticator()
  await signUp({ client, authenticator, handle, ...(invite === undefined ? {} : { invite }) })
  const { id } = await idOf(api, handle)
  return { client, authenticator, id }
}

export async function newAdmin(api: TestApi, handle: string) {
  const admin = await newPerson(api, handle)
  await api.database.db.update(users).set({ role: 'admin' }).where(eq(users.handle, handle))
  return admin
}

async function idOf(api: TestApi, handle: string) {
  const rows = await api.database.db.select({ id: users.id }).from(users).where(eq(users.handle, handle))
  const [found] = rows
  if (!found) throw new Error(`Nobody is called ${handle}.`)
  return found
}

type Id = Awaited<ReturnType<typeof idOf>>['id']

/** Looks at whom an action touches, and does it to them. */
export async function act(admin: PlatformClient, action: PeopleAction, ids: Id[], reason = 'Spam was sent.') {
  const { people } = admin.trpc.admin
  const { token, people: shown } = await people.preview.mutate({ action, selection: { ids } })
  const input = { token, ids: shown.map(({ id }) => id) }
  if (action === 'suspend') return people.suspend.mutate({ ...input, reason })
  return people[action].mutate(input)
}
