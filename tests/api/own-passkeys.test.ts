/** Several passkeys for one account, through the real procedures, and everything that must be refused. */
import { logIn, signUp } from '@matrixos/client'
import { type Authenticator, createAuthenticator, type Faults } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { PASSKEYS_PER_ACCOUNT: '3' } })
})
afterAll(() => api[Symbol.asyncDispose]())

const SIX_MINUTES = 6 * 60_000
let people = 0

/** Somebody new, with the device that signed them up. */
async function person() {
  const authenticator = createAuthenticator()
  const client = api.client()
  const user = await signUp({ client, authenticator, handle: `keys${++people}` })
  return { client, authenticator, handle: user.handle }
}

async function add(
  client: PlatformClient,
  authenticator: Authenticator = createAuthenticator({ aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d' }),
  faults: Faults & { origin?: string } = {},
) {
  const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
  const response = authenticator.create(options, { origin: client.hosts.appOrigin, ...faults })
  return client.trpc.auth.passkeys.add.mutate({ challengeId, response })
}

const list = (client: PlatformClient) => client.trpc.auth.passkeys.list.query()
const auditOf = async (action: string) => {
  const rows = await api.database.db.query.auditLog.findMany()
  return rows.filter((row) => row.action === action)
}

describe('a second passkey', () => {
  it('is named after its maker, listed, and signs in', async () => {
    const { client, handle } = await person()
    const second = createAuthenticator({ aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d', synced: false })
    const added = await add(client, second)
    expect(added).toMatchObject({
      name: '1Password',
      backupEligible: false,
      backedUp: false,
      transports: ['internal'],
    })
    const listed = await list(client)
    expect(listed).toMatchObject({ rpId: 'app.localhost', handle, displayName: handle })
    expect(listed.passkeys.map(({ name }) => name)).toEqual(['Passkey', '1Password'])
    expect(second.credentials[0]?.userHandle).toBe(listed.userId)
    api.advance(60_000)
    const elsewhere = api.client()
    await expect(logIn({ client: elsewhere, authenticator: second })).resolves.toMatchObject({ handle })
    const [, used] = (await list(elsewhere)).passkeys
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(used?.createdAt ?? ''))
    expect((await auditOf('factor_added')).at(-1)).toMatchObject({
      detail: { kind: 'passkey', name: '1Password' },
    })
  })

  it('is for another device: those that hold one are told so', async () => {
    const { client, authenticator } = await person()
    const { options } = await client.trpc.auth.passkeys.addOptions.mutate()
    expect(() => authenticator.create(options, { origin: client.hosts.appOrigin })).toThrow(/holds a passkey/)
  })

  it('that another account has is refused', async () => {
    const copies = [1, 2].map(() => createAuthenticator({ random: (bytes) => new Uint8Array(bytes).fill(9) }))
    const [theirs = createAuthenticator(), copy = createAuthenticator()] = copies
    await signUp({ client: api.client(), authenticator: theirs, handle: `keys${++people}` })
    const { client } = await person()
    expect(await refusal(add(client, copy))).toMatchObject({ code: 'credential_taken', status: 409 })
    expect((await list(client)).passkeys).toHaveLength(1)
  })

  it.each<[string, Faults & { origin?: string }]>([
    ["an instance's page", { origin: 'http://mallory.localhost', unchecked: true }],
    ['a page in a frame', { crossOrigin: true }],
    ['a frame that names its top', { topOrigin: 'http://mallory.localhost' }],
    ['no user verification', { userVerified: false }],
    ['another relying party', { rpId: 'localhost', unchecked: true }],
  ])('is refused from %s', async (_what, faults) => {
    const { client } = await person()
    expect(await refusal(add(client, undefined, faults))).toMatchObject({
      code: 'credential_refused',
      status: 401,
    })
    expect((await list(client)).passkeys).toHaveLength(1)
  })

  it('takes a challenge of its own, once, for the account that asked', async () => {
    const { client } = await person()
    const { client: other } = await person()
    const authenticator = createAuthenticator()
    const origin = client.hosts.appOrigin
    const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
    const response = authenticator.create(options, { origin })
    const elsewhere = other.trpc.auth.passkeys.add.mutate({ challengeId, response })
    expect((await refusal(elsewhere)).code).toBe('challenge_expired')
    await client.trpc.auth.passkeys.add.mutate({ challengeId, response })
    const again = client.trpc.auth.passkeys.add.mutate({ challengeId, response })
    expect((await refusal(again)).code).toBe('challenge_expired')
    const login = await client.trpc.auth.loginPasskeyOptions.mutate()
    const mixed = { challengeId: login.challengeId, response }
    expect((await refusal(client.trpc.auth.passkeys.add.mutate(mixed))).code).toBe('challenge_expired')
  })

  it('is refused where the browser signed in to another account meanwhile', async () => {
    const { client } = await person()
    const { authenticator: others } = await person()
    const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
    const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
    await logIn({ client, authenticator: others })
    const added = client.trpc.auth.passkeys.add.mutate({ challengeId, response })
    expect((await refusal(added)).code).toBe('challenge_expired')
    expect((await list(client)).passkeys).toHaveLength(1)
  })

  it('is one of as many as an account may hold', async () => {
    const { client } = await person()
    await add(client)
    await add(client)
    expect(await refusal(add(client))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('3'),
    })
  })
})

describe('an old sign-in', () => {
  it('adds and removes nothing, and may rename', async () => {
    const { client } = await person()
    const { id = '' } = await add(client)
    const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
    const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
    api.advance(SIX_MINUTES)
    const { passkeys } = client.trpc.auth
    for (const call of [
      () => passkeys.addOptions.mutate(),
      () => passkeys.add.mutate({ challengeId, response }),
      () => passkeys.remove.mutate({ id }),
    ])
      expect(await refusal(call())).toMatchObject({ code: 'step_up_required', status: 403 })
    await passkeys.rename.mutate({ id, name: '  Work \n laptop ' })
    expect((await list(client)).passkeys.map(({ name }) => name)).toEqual(['Passkey', 'Work laptop'])
  })

  it('without a session lists and changes nothing', async () => {
    const { passkeys } = api.client().trpc.auth
    expect((await refusal(passkeys.list.query())).code).toBe('unauthorized')
    expect((await refusal(passkeys.addOptions.mutate())).code).toBe('unauthorized')
    expect((await refusal(passkeys.rename.mutate({ id: 'AAAA', name: 'x' }))).code).toBe('unauthorized')
  })
})

describe('removal', () => {
  it('ends the passkey and leaves the others', async () => {
    const { client, authenticator } = await person()
    const second = createAuthenticator()
    const { id } = await add(client, second)
    await client.trpc.auth.passkeys.remove.mutate({ id })
    expect((await list(client)).passkeys).toHaveLength(1)
    const elsewhere = api.client()
    expect(await refusal(logIn({ client: elsewhere, authenticator: second }))).toMatchObject({
      code: 'credential_unknown',
      status: 401,
    })
    await expect(logIn({ client: elsewhere, authenticator })).resolves.toBeTruthy()
    expect((await auditOf('factor_removed')).at(-1)).toMatchObject({ detail: { kind: 'passkey' } })
  })

  it('tells a page of another origin nothing of what is gone', async () => {
    const { client } = await person()
    const second = createAuthenticator()
    const { id } = await add(client, second)
    await client.trpc.auth.passkeys.remove.mutate({ id })
    const elsewhere = api.client()
    for (const faults of [
      { origin: 'http://mallory.localhost', unchecked: true },
      { origin: client.hosts.appOrigin, crossOrigin: true },
    ]) {
      const { challengeId, options } = await elsewhere.trpc.auth.loginPasskeyOptions.mutate()
      const response = second.get(options, faults)
      const login = elsewhere.trpc.auth.loginPasskey.mutate({ challengeId, response })
      expect((await refusal(login)).code).toBe('credential_refused')
    }
  })

  it('of the last way to sign in is refused, and audits nothing', async () => {
    const { client } = await person()
    // Codes run out: they are no way to sign in.
    await client.trpc.auth.recovery.regenerate.mutate()
    const before = (await auditOf('factor_removed')).length
    const [only] = (await list(client)).passkeys
    const removal = client.trpc.auth.passkeys.remove.mutate({ id: only?.id ?? '' })
    expect(await refusal(removal)).toMatchObject({ code: 'conflict', status: 409 })
    expect((await list(client)).passkeys).toHaveLength(1)
    expect(await auditOf('factor_removed')).toHaveLength(before)
  })

  it("of another's passkey says that there is none, as its renaming does", async () => {
    const { client } = await person()
    const { client: stranger } = await person()
    await add(stranger)
    const [theirs] = (await list(client)).passkeys
    const id = theirs?.id ?? ''
    const { passkeys } = stranger.trpc.auth
    expect(await refusal(passkeys.remove.mutate({ id }))).toMatchObject({ code: 'not_found', status: 404 })
    expect(await refusal(passkeys.rename.mutate({ id, name: 'mine' }))).toMatchObject({ code: 'not_found' })
    expect(await refusal(passkeys.remove.mutate({ id: 'AAAA' }))).toMatchObject({ code: 'not_found' })
    expect((await list(client)).passkeys[0]?.name).toBe('Passkey')
  })
})
