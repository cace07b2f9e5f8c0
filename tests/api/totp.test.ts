/** Password together with an authenticator app. */
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
const STEP_MS = 30_000

function advance(ms: number): void {
  ahead += ms
  api.advance(ms)
}

/** Moves on to the next code, since each counts once. */
function nextCode(secret: string): string {
  advance(STEP_MS)
  return TOTP.generate({ secret: TOTP_SECRET(secret), timestamp: Date.now() + ahead })
}
const TOTP_SECRET = (secret: string) => new TOTP({ secret }).secret

async function register(handle: string): Promise<string> {
  const client = api.client()
  const { challengeId, secret, otpauthUrl } = await client.trpc.auth.registerTotpStart.mutate({
    handle,
    password,
  })
  expect(otpauthUrl).toContain(`secret=${secret}`)
  await client.trpc.auth.registerTotp.mutate({ challengeId, code: nextCode(secret) })
  return secret
}

it('signs up only after a right code', async () => {
  const client = api.client()
  const { challengeId, secret } = await client.trpc.auth.registerTotpStart.mutate({
    handle: 'totp1',
    password,
  })
  const wrong = await refusal(client.trpc.auth.registerTotp.mutate({ challengeId, code: '000000' }))
  expect(wrong.code).toBe('credential_refused')
  await expect(client.trpc.auth.handleAvailability.query({ handle: 'totp1' })).resolves.toMatchObject({
    status: 'ok',
  })
  const user = await client.trpc.auth.registerTotp.mutate({ challengeId, code: nextCode(secret) })
  expect(user).toMatchObject({ handle: 'totp1', signInMethods: ['totp'] })
})

it('takes a code once', async () => {
  const secret = await register('totp2')
  const code = nextCode(secret)
  const login = () => api.client().trpc.auth.loginTotp.mutate({ handle: 'totp2', password, code })
  await expect(login()).resolves.toMatchObject({ handle: 'totp2' })
  expect((await refusal(login())).code).toBe('credential_refused')
})

it('says the same of a wrong handle, password and code', async () => {
  const secret = await register('totp3')
  const attempt = (input: { handle: string; password: string; code: string }) =>
    refusal(api.client().trpc.auth.loginTotp.mutate(input))
  const answers = [
    await attempt({ handle: 'nobody', password, code: '123456' }),
    await attempt({ handle: 'totp3', password: 'another long phrase', code: nextCode(secret) }),
    await attempt({ handle: 'totp3', password, code: '000000' }),
  ]
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
})

it('judges no more than five of a hundred guesses at once', async () => {
  const secret = await register('totp4')
  const guess = (code: string) => api.client().trpc.auth.loginTotp.mutate({ handle: 'totp4', password, code })
  await Promise.allSettled(Array.from({ length: 100 }, (_, i) => guess(String(100_000 + i))))
  const user = await api.database.db.query.users.findFirst({
    where: (users, { eq }) => eq(users.handle, 'totp4'),
  })
  const login = await api.database.db.query.totpLogins.findFirst({
    where: (logins, { eq }) => eq(logins.userId, user?.id ?? 'usr_'),
  })
  expect(login).toMatchObject({ failures: 5, lockedUntil: expect.any(Date) })
  expect((await refusal(guess(nextCode(secret)))).code).toBe('credential_refused')
  advance(15 * 60_000)
  await expect(guess(nextCode(secret))).resolves.toMatchObject({ handle: 'totp4' })
})

it('wants a password that is not the handle, and long enough', async () => {
  const start = (handle: string, password: string) =>
    refusal(api.client().trpc.auth.registerTotpStart.mutate({ handle, password }))
  expect((await start('weak1', 'short')).code).toBe('invalid_input')
  expect((await start('averylonghandle', 'averylonghandle')).code).toBe('invalid_input')
})

it('locks nobody out for the wrong passwords of a stranger', async () => {
  const secret = await register('totp5')
  const login = (given: string, code: string) =>
    api.client().trpc.auth.loginTotp.mutate({ handle: 'totp5', password: given, code })
  for (let i = 0; i < 8; i++)
    expect((await refusal(login('a stranger guesses', '123456'))).code).toBe('credential_refused')
  await expect(login(password, nextCode(secret))).resolves.toMatchObject({ handle: 'totp5' })
})
