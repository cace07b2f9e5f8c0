/** Inputs that are well-formed for JSON and that the database cannot take: refused, never a failure of the platform. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newAdmin } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let admin: Awaited<ReturnType<typeof newAdmin>>
beforeAll(async () => {
  api = await startApi({ pretended: true })
  admin = await newAdmin(api, 'rootadmin')
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

const EDIT = {
  provider: 'openai',
  model: 'some-model',
  effectiveFrom: '2026-01-01T00:00:00Z',
  price: null,
} as const

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
    trpc.quota.requestMore.mutate({ amount: '5', reason: text }),
    trpc.quota.calls.query({ cursor: text }),
    trpc.quota.setOwnKey.mutate({ provider: 'openai', key: `sk-${text.repeat(3)}` }),
    trpc.quota.setAlertAddress.mutate({ email: `${text}@example.org` }),
    trpc.quota.confirmAlertAddress.mutate({ secret: text }),
    trpc.admin.quota.grant.mutate({ handle: 'rootadmin', amount: '5', message: text }),
    trpc.admin.quota.person.query({ handle: text }),
    trpc.admin.quota.answer.mutate({ verdict: 'deny', id: 1, answer: text }),
    trpc.admin.prices.edit.mutate({ ...EDIT, note: text }),
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

it('refuses numbers that no row can have', async () => {
  const { quota, admin: admins } = admin.client.trpc
  for (const id of [2 ** 31, 2 ** 53 - 1, -(2 ** 40)]) {
    expect((await refusal(quota.withdrawRequest.mutate({ id }))).code).toBe('conflict')
    const answer = { verdict: 'deny', id, answer: 'No.' } as const
    expect((await refusal(admins.quota.answer.mutate(answer))).code).toBe('conflict')
    const round = Math.abs(id)
    expect((await refusal(quota.dismissAlert.mutate({ round, threshold: 80 }))).code).toBe('invalid_input')
  }
})
