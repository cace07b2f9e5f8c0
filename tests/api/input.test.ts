/** Inputs that are well-formed for JSON and that the database cannot take: refused, never a failure of the platform. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newAdmin } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let admin: Awaited<ReturnType<typeof newAdmin>>
beforeAll(async () => {
  api = await startApi()
  admin = await newAdmin(api, 'rootadmin')
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

it.each(['a\0b', 'half \ud83e of a fox'])('refuses the text %j', async (text) => {
  const { trpc } = admin.client
  const { id } = await trpc.tenants.mine.query()
  const calls = [
    trpc.admin.people.list.query({ filter: { search: text } }),
    trpc.admin.people.get.query({ handle: text }),
    trpc.admin.audit.search.query({ actor: text }),
    trpc.admin.invites.create.mutate({ note: text }),
    trpc.admin.invites.revoke.mutate({ code: text }),
    trpc.admin.people.enrolmentLink.mutate({ id: admin.id, proof: text }),
    trpc.tokens.create.mutate({ name: text, scopes: ['tenant:read'] }),
    trpc.auth.profile.update.mutate({ displayName: text }),
    trpc.sharing.add.mutate({ instanceId: id, handle: text, canUseNotes: false }),
    api.client().trpc.auth.registerPasskeyOptions.mutate({ handle: 'carol', invite: text }),
  ]
  for (const call of calls) expect(await refusal(call)).toMatchObject({ code: 'invalid_input', status: 400 })
  // Nothing was done by halves.
  expect((await trpc.auth.me.query()).displayName).toBe('rootadmin')
})

it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59', 'soon'])(
  'refuses to search from %s',
  async (from) => {
    const { audit } = admin.client.trpc.admin
    expect((await refusal(audit.search.query({ from }))).code).toBe('invalid_input')
    await expect(audit.search.query({ from: '1970-01-01T00:00:00Z' })).resolves.toMatchObject({})
  },
)

it('refuses a page of a time that no row can have', async () => {
  const { people, invites } = admin.client.trpc.admin
  for (const cursor of ['8640000000000000_usr_1', '253402300800000_usr_1']) {
    expect((await refusal(people.list.query({ cursor }))).code).toBe('invalid_input')
    expect((await refusal(invites.list.query({ cursor }))).code).toBe('invalid_input')
  }
})
