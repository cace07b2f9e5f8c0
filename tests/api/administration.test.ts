/** What administrators see, and who is one. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { users } from '../../apps/api/src/db/schema/index.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let root: PlatformClient
beforeAll(async () => {
  api = await startApi()
  root = await person('rootadmin')
  await api.database.db.update(users).set({ role: 'admin' }).where(eq(users.handle, 'rootadmin'))
})
afterAll(() => api[Symbol.asyncDispose]())

async function person(handle: string): Promise<PlatformClient> {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

describe('reading', () => {
  it('shows the overview, people, a person and the audit log', async () => {
    const ada = await person('ada')
    await waitUntilRunning(ada)
    const overview = await root.trpc.admin.overview.query()
    expect(overview).toMatchObject({ people: { total: 2, admins: 1, signedUp24h: 2 }, replicas: 1 })
    const list = await root.trpc.admin.people.list.query({ filter: { search: 'ad' } })
    expect(list.items.map(({ handle }) => handle)).toEqual(['ada', 'rootadmin'])
    expect(list.total).toBe(2)
    const shown = await root.trpc.admin.people.get.query({ handle: 'ada' })
    expect(shown).toMatchObject({ handle: 'ada', methods: { passkeys: 1, totp: false }, protected: null })
    expect(shown.instance?.observed).toBe('running')
    expect((await root.trpc.admin.people.log.query({ handle: 'ada' })).text).toContain('listening')
    const audit = await root.trpc.admin.audit.search.query({ target: 'ada', action: 'account_created' })
    expect(audit.items).toMatchObject([{ actor: { handle: 'ada' }, detail: { handle: 'ada' } }])
    expect(audit.actions).toContain('account_created')
  })

  it('is for administrators alone', async () => {
    const bea = await person('bea')
    const refused = await refusal(bea.trpc.admin.overview.query())
    expect(refused).toMatchObject({ code: 'forbidden', message: 'Only administrators can do this.' })
  })
})
