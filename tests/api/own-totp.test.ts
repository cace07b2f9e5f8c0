/** A password with an authenticator app, added to an account, changed and removed. */
import { logIn, signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
/** How far the api's clock is ahead of this machine's, which runs on meanwhile. */
let ahead = 0
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

const password = 'a long enough phrase'
let people = 0

function advance(ms: number): void {
  ahead += ms
  api.advance(ms)
}

/** Moves on to the next code, since each counts once. */
function nextCode(secret: string): string {
  advance(30_000)
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: Date.now() + ahead })
}

async function person() {
  const client = api.client()
  const authenticator = createAuthenticator()
  const { handle } = await signUp({ client, authenticator, handle: `pass${++people}` })
  return { client, authenticator, handle }
}

async function addTotp(client: PlatformClient, given = password): Promise<string> {
  const { challengeId, secret } = await client.trpc.auth.totp.start.mutate({ password: given })
  await client.trpc.auth.totp.confirm.mutate({ challengeId, code: nextCode(secret) })
  return secret
}

const login = (handle: string, secret: string, given = password) =>
  api.client().trpc.auth.loginTotp.mutate({ handle, password: given, code: nextCode(secret) })

it('is added after one right code, and signs in', async () => {
  const { client, handle } = await person()
  await expect(client.trpc.auth.totp.status.query()).resolves.toEqual({ isSet: false })
  const { challengeId, secret } = await client.trpc.auth.totp.start.mutate({ password })
  const wrong = client.trpc.auth.totp.confirm.mutate({ challengeId, code: '000000' })
  expect((await refusal(wrong)).code).toBe('credential_refused')
  await expect(client.trpc.auth.totp.status.query()).resolves.toEqual({ isSet: false })
  await client.trpc.auth.totp.confirm.mutate({ challengeId, code: nextCode(secret) })
  await expect(client.trpc.auth.totp.status.query()).resolves.toEqual({ isSet: true })
  const user = await login(handle, secret)
  expect(user).toMatchObject({ handle, signInMethods: ['passkey', 'totp'] })
})

it('judges five codes of a set-up', async () => {
  const { client } = await person()
  const { challengeId, secret } = await client.trpc.auth.totp.start.mutate({ password })
  const confirm = (code: string) => client.trpc.auth.totp.confirm.mutate({ challengeId, code })
  const guesses = Array.from({ length: 20 }, (_, at) => refusal(confirm(String(100_000 + at))))
  const codes = (await Promise.all(guesses)).map(({ code }) => code)
  expect(codes.filter((code) => code === 'credential_refused')).toHaveLength(5)
  expect((await refusal(confirm(nextCode(secret)))).code).toBe('challenge_expired')
})

it('is set up again in place of the one before', async () => {
  const { client, handle } = await person()
  const old = await addTotp(client)
  const fresh = await addTotp(client, 'another long phrase')
  expect((await refusal(login(handle, old))).code).toBe('credential_refused')
  await expect(login(handle, fresh, 'another long phrase')).resolves.toMatchObject({ handle })
})

it('changes its password alone', async () => {
  const { client, handle } = await person()
  const { totp } = client.trpc.auth
  const none = totp.changePassword.mutate({ password: 'another long phrase' })
  expect(await refusal(none)).toMatchObject({ code: 'not_found', status: 404 })
  const secret = await addTotp(client)
  expect((await refusal(totp.changePassword.mutate({ password: 'aaaaaaaaaaaa' }))).code).toBe('invalid_input')
  await totp.changePassword.mutate({ password: 'another long phrase' })
  expect((await refusal(login(handle, secret))).code).toBe('credential_refused')
  await expect(login(handle, secret, 'another long phrase')).resolves.toMatchObject({ handle })
})

it('is removed while a passkey is left, and the passkey while it is', async () => {
  const { client, authenticator, handle } = await person()
  const { totp, passkeys } = client.trpc.auth
  expect((await refusal(totp.remove.mutate())).code).toBe('not_found')
  const secret = await addTotp(client)
  const [only] = (await passkeys.list.query()).passkeys
  await passkeys.remove.mutate({ id: only?.id ?? '' })
  expect(await refusal(totp.remove.mutate())).toMatchObject({ code: 'conflict', status: 409 })
  await expect(login(handle, secret)).resolves.toMatchObject({ signInMethods: ['totp'] })
  const { challengeId, options } = await passkeys.addOptions.mutate()
  const response = authenticator.create(options, { origin: client.hosts.appOrigin })
  await passkeys.add.mutate({ challengeId, response })
  await totp.remove.mutate()
  expect((await refusal(login(handle, secret))).code).toBe('credential_refused')
  await expect(logIn({ client: api.client(), authenticator })).resolves.toMatchObject({ handle })
})

it('wants a recent sign-in for every change', async () => {
  const { client } = await person()
  const { totp, recovery } = client.trpc.auth
  const { challengeId, secret } = await totp.start.mutate({ password })
  advance(5 * 60_000 - 1000)
  const code = nextCode(secret)
  for (const call of [
    () => totp.start.mutate({ password }),
    () => totp.confirm.mutate({ challengeId, code }),
    () => totp.changePassword.mutate({ password }),
    () => totp.remove.mutate(),
    () => recovery.regenerate.mutate(),
  ])
    expect(await refusal(call())).toMatchObject({ code: 'step_up_required', status: 403 })
  await expect(totp.status.query()).resolves.toEqual({ isSet: false })
})
