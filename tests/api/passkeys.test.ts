/** Sign-up and login with passkeys, and everything that must be refused, through the real procedures. */

import { logIn, signUp } from '@matrixos/client'
import { createAuthenticator, type Faults } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

const FIVE_MINUTES = 5 * 60_000
const origin = (client: PlatformClient) => client.hosts.appOrigin

describe('sign-up', () => {
  it('opens a session and makes an instance', async () => {
    const client = api.client()
    const user = await signUp({ client, authenticator: createAuthenticator(), handle: 'Alice' })
    expect(user).toMatchObject({ handle: 'alice', signInMethods: ['passkey'] })
    await expect(client.trpc.auth.me.query()).resolves.toEqual(user)
    await expect(client.trpc.tenants.mine.query()).resolves.toMatchObject({
      handle: 'alice',
      desired: 'awake',
    })
  })

  it.each([
    ['ab', 'handle_malformed', 400],
    ['xn--abc', 'handle_malformed', 400],
    ['notes--ada', 'handle_malformed', 400],
    ['//evil', 'handle_malformed', 400],
    ['Admin', 'handle_reserved', 400],
    ['alice', 'handle_taken', 409],
  ])('refuses the handle %s: %s', async (handle, code, status) => {
    const refused = await refusal(api.client().trpc.auth.registerPasskeyOptions.mutate({ handle }))
    expect(refused).toMatchObject({ code, status, message: expect.stringMatching(/\w+ \w+/) })
  })

  it('gives a handle that two want to one, and the other can go on with another', async () => {
    const [one, two] = [api.client(), api.client()]
    const outcomes = await Promise.allSettled(
      [one, two].map((client) => signUp({ client, authenticator: createAuthenticator(), handle: 'wanted' })),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const loser = outcomes[0]?.status === 'rejected' ? one : two
    await expect(
      signUp({ client: loser, authenticator: createAuthenticator(), handle: 'wanted2' }),
    ).resolves.toBeTruthy()
  })

  it('refuses a challenge that is too old, and starts again with the same handle', async () => {
    const client = api.client()
    const authenticator = createAuthenticator()
    const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle: 'slow' })
    const response = authenticator.create(options, { origin: origin(client) })
    api.advance(FIVE_MINUTES + 1)
    const refused = await refusal(client.trpc.auth.registerPasskey.mutate({ challengeId, response }))
    expect(refused).toMatchObject({ code: 'challenge_expired', status: 401 })
    await expect(signUp({ client, authenticator, handle: 'slow' })).resolves.toMatchObject({ handle: 'slow' })
  })

  it('refuses a passkey that another account has', async () => {
    const copies = [1, 2].map(() => createAuthenticator({ random: (bytes) => new Uint8Array(bytes).fill(7) }))
    const [authenticator = createAuthenticator(), copy = createAuthenticator()] = copies
    await signUp({ client: api.client(), authenticator, handle: 'first' })
    const client = api.client()
    const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({
      handle: 'second',
    })
    const response = copy.create(options, { origin: origin(client) })
    const refused = await refusal(client.trpc.auth.registerPasskey.mutate({ challengeId, response }))
    expect(refused).toMatchObject({ code: 'credential_taken', status: 409 })
    await expect(client.trpc.auth.handleAvailability.query({ handle: 'second' })).resolves.toMatchObject({
      status: 'ok',
    })
  })

  it('refuses an answer given in another browser', async () => {
    const [asked, other] = [api.client(), api.client()]
    const { challengeId, options } = await asked.trpc.auth.registerPasskeyOptions.mutate({ handle: 'bound' })
    const response = createAuthenticator().create(options, { origin: origin(asked) })
    const refused = await refusal(other.trpc.auth.registerPasskey.mutate({ challengeId, response }))
    expect(refused.code).toBe('challenge_expired')
  })
})

describe('login', () => {
  it('finds the account by the passkey alone', async () => {
    const authenticator = createAuthenticator()
    await signUp({ client: api.client(), authenticator, handle: 'returns' })
    const client = api.client()
    await expect(logIn({ client, authenticator })).resolves.toMatchObject({ handle: 'returns' })
    await expect(client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'returns' })
  })

  it('writes a copied key down, by the counter that went back', async () => {
    const authenticator = createAuthenticator()
    const client = api.client()
    await signUp({ client, authenticator, handle: 'copied' })
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const response = authenticator.get(options, { origin: origin(client), counterRollback: true })
    await refusal(client.trpc.auth.loginPasskey.mutate({ challengeId, response }))
    const rows = await api.database.db.query.auditLog.findMany()
    const reasons = rows.filter(({ action }) => action === 'login_refused').map(({ detail }) => detail.reason)
    expect(reasons).toContain('counter_rollback')
  })

  it.each<[string, Faults & { origin?: string }, RegExp]>([
    ["an instance's page", { origin: 'http://mallory.localhost', unchecked: true }, /only work on/],
    ['a page in a frame', { crossOrigin: true }, /not accepted/],
    ['no user verification', { userVerified: false }, /not accepted/],
    ['a bogus signature', { bogusSignature: true }, /not accepted/],
    ['a counter that went back', { counterRollback: true }, /not accepted/],
    ['a changed backup flag', { flipBackupEligible: true }, /not accepted/],
  ])('refuses %s', async (_what, faults, message) => {
    const authenticator = createAuthenticator()
    const handle = `f${crypto.randomUUID().slice(0, 8)}`
    await signUp({ client: api.client(), authenticator, handle })
    const client = api.client()
    await logIn({ client, authenticator })
    await client.trpc.auth.logout.mutate()
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const response = authenticator.get(options, { origin: origin(client), ...faults })
    const refused = await refusal(client.trpc.auth.loginPasskey.mutate({ challengeId, response }))
    expect(refused).toMatchObject({
      code: 'credential_refused',
      status: 401,
      message: expect.stringMatching(message),
    })
    expect((await refusal(client.trpc.auth.me.query())).code).toBe('unauthorized')
  })

  it('spends a challenge at the first answer', async () => {
    const authenticator = createAuthenticator()
    await signUp({ client: api.client(), authenticator, handle: 'replayed' })
    const client = api.client()
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const response = authenticator.get(options, { origin: origin(client) })
    await client.trpc.auth.loginPasskey.mutate({ challengeId, response })
    const again = await refusal(client.trpc.auth.loginPasskey.mutate({ challengeId, response }))
    expect(again).toMatchObject({ code: 'challenge_expired', status: 401 })
  })

  it("refuses a sign-up's challenge", async () => {
    const client = api.client()
    const authenticator = createAuthenticator()
    await signUp({ client: api.client(), authenticator, handle: 'mixed' })
    const { challengeId } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle: 'mixed2' })
    const { options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const response = authenticator.get(options, { origin: origin(client) })
    expect((await refusal(client.trpc.auth.loginPasskey.mutate({ challengeId, response }))).code).toBe(
      'challenge_expired',
    )
  })
})
