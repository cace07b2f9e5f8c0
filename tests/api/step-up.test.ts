/** Proving again who one is: what sensitive steps ask for when the last proof is old. */
import { logIn, signUp } from '@matrixos/client'
import { createAuthenticator, type Faults } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const SIX_MINUTES = 6 * 60_000
const password = 'a long enough phrase'
let api: TestApi
let ahead = 0
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { STEP_UP_GUESSES_PER_QUARTER_HOUR: '3' } })
})
afterAll(() => api[Symbol.asyncDispose]())

function advance(ms: number): void {
  ahead += ms
  api.advance(ms)
}

/** Whether a sensitive step is open to this session. The wrong handle keeps it from being taken. */
async function sensitive({ trpc }: PlatformClient): Promise<string> {
  const { id: instanceId } = await trpc.tenants.mine.query()
  return (await refusal(trpc.tenants.delete.mutate({ instanceId, handle: 'not-this-one' }))).code
}
const OPEN = 'invalid_input'

async function person(handle: string) {
  const client = api.client()
  const authenticator = createAuthenticator()
  await signUp({ client, authenticator, handle })
  advance(SIX_MINUTES)
  return { client, authenticator }
}

async function answer(
  client: PlatformClient,
  authenticator: ReturnType<typeof createAuthenticator>,
  faults: Faults = {},
) {
  const { challengeId, options } = await client.trpc.auth.stepUp.passkeyOptions.mutate()
  const response = authenticator.get(options, { origin: client.hosts.appOrigin, ...faults })
  return { challengeId, response }
}

const actionsOf = async (client: PlatformClient) => {
  const { handle } = await client.trpc.auth.me.query()
  const user = await api.database.db.query.users.findFirst({ where: (row, { eq }) => eq(row.handle, handle) })
  const rows = await api.database.db.query.auditLog.findMany({
    where: (row, { eq }) => eq(row.actor, user?.id ?? ''),
  })
  return rows.map(({ action }) => action)
}

/** Moves on to the next code, since each counts once. */
function nextCode(secret: string): string {
  advance(30_000)
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: Date.now() + ahead })
}

async function totpPerson(handle: string) {
  const client = api.client()
  const { challengeId, secret } = await client.trpc.auth.registerTotpStart.mutate({ handle, password })
  await client.trpc.auth.registerTotp.mutate({ challengeId, code: nextCode(secret) })
  advance(SIX_MINUTES)
  return { client, secret }
}

describe('by passkey', () => {
  it('opens sensitive steps for five minutes, in the same session', async () => {
    const { client, authenticator } = await person('again1')
    expect(await sensitive(client)).toBe('step_up_required')
    expect(await client.trpc.auth.stepUp.methods.query()).toEqual(['passkey'])
    await client.trpc.auth.stepUp.passkey.mutate(await answer(client, authenticator))
    expect(await sensitive(client)).toBe(OPEN)
    expect(await actionsOf(client)).toContain('step_up')
    advance(SIX_MINUTES)
    expect(await sensitive(client)).toBe('step_up_required')
  })

  it('names only the passkeys of whoever is signed in', async () => {
    const { client, authenticator } = await person('again2')
    await person('stranger2')
    const { options } = await client.trpc.auth.stepUp.passkeyOptions.mutate()
    const mine = authenticator.credentials.map(({ id }) => id)
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual(mine)
  })

  it("refuses another person's passkey", async () => {
    const { client } = await person('again3')
    const stranger = await person('stranger3')
    const { challengeId, options } = await client.trpc.auth.stepUp.passkeyOptions.mutate()
    const { allowCredentials: _, ...anyPasskey } = options
    const response = stranger.authenticator.get(anyPasskey, { origin: client.hosts.appOrigin })
    const refused = await refusal(client.trpc.auth.stepUp.passkey.mutate({ challengeId, response }))
    expect(refused).toMatchObject({ code: 'credential_refused', status: 401 })
    expect(await sensitive(client)).toBe('step_up_required')
    expect(await actionsOf(client)).toContain('step_up_refused')
  })

  it.each<[string, Faults]>([
    ['a page in a frame', { crossOrigin: true }],
    ['no user verification', { userVerified: false }],
    ['a bogus signature', { bogusSignature: true }],
  ])('refuses %s', async (_what, faults) => {
    const { client, authenticator } = await person(`f${crypto.randomUUID().slice(0, 8)}`)
    const given = await answer(client, authenticator, faults)
    expect((await refusal(client.trpc.auth.stepUp.passkey.mutate(given))).code).toBe('credential_refused')
    expect(await sensitive(client)).toBe('step_up_required')
  })

  it("takes a challenge once, and no login's", async () => {
    const { client, authenticator } = await person('again4')
    const given = await answer(client, authenticator)
    await client.trpc.auth.stepUp.passkey.mutate(given)
    expect((await refusal(client.trpc.auth.stepUp.passkey.mutate(given))).code).toBe('challenge_expired')
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const response = authenticator.get(options, { origin: client.hosts.appOrigin })
    const login = { challengeId, response }
    expect((await refusal(client.trpc.auth.stepUp.passkey.mutate(login))).code).toBe('challenge_expired')
  })

  it('refuses the challenge of whoever was signed in before in this browser', async () => {
    const { client, authenticator } = await person('before5')
    const { authenticator: next } = await person('after5')
    const given = await answer(client, authenticator)
    await client.trpc.auth.logout.mutate()
    await logIn({ client, authenticator: next })
    advance(SIX_MINUTES - 2 * 60_000)
    expect((await refusal(client.trpc.auth.stepUp.passkey.mutate(given))).code).toBe('challenge_expired')
  })

  it('is for those who are signed in', async () => {
    const { trpc } = api.client()
    expect((await refusal(trpc.auth.stepUp.passkeyOptions.mutate())).code).toBe('unauthorized')
    const totp = trpc.auth.stepUp.totp.mutate({ password, code: '123456' })
    expect((await refusal(totp)).code).toBe('unauthorized')
  })
})

describe('by password and code', () => {
  it('opens sensitive steps, and takes a code once', async () => {
    const { client, secret } = await totpPerson('code1')
    const code = nextCode(secret)
    await client.trpc.auth.stepUp.totp.mutate({ password, code })
    expect(await sensitive(client)).toBe(OPEN)
    const twice = client.trpc.auth.stepUp.totp.mutate({ password, code })
    expect(await refusal(twice)).toMatchObject({
      code: 'credential_refused',
      message: 'Incorrect password or code.',
    })
  })

  it('says the same of a wrong password, a wrong code, and no password at all', async () => {
    const { client, secret } = await totpPerson('code2')
    const { client: without } = await person('code2b')
    const answers = [
      await refusal(client.trpc.auth.stepUp.totp.mutate({ password: 'wrong', code: nextCode(secret) })),
      await refusal(client.trpc.auth.stepUp.totp.mutate({ password, code: '000000' })),
      await refusal(without.trpc.auth.stepUp.totp.mutate({ password, code: '123456' })),
    ]
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  it('counts wrong guesses of one session, and leaves another of the same person alone', async () => {
    const { client, secret } = await totpPerson('code3')
    const guess = () => refusal(client.trpc.auth.stepUp.totp.mutate({ password: 'wrong', code: '123456' }))
    const codes = [await guess(), await guess(), await guess(), await guess()].map(({ code }) => code)
    expect(codes).toEqual([...Array<string>(3).fill('credential_refused'), 'too_many_requests'])
    const right = client.trpc.auth.stepUp.totp.mutate({ password, code: nextCode(secret) })
    expect(await refusal(right)).toMatchObject({
      code: 'too_many_requests',
      retryAfterS: expect.any(Number),
    })
    const other = api.client()
    await other.trpc.auth.loginTotp.mutate({ handle: 'code3', password, code: nextCode(secret) })
    for (let times = 0; times < 4; times++)
      await other.trpc.auth.stepUp.totp.mutate({ password, code: nextCode(secret) })
  })
})

describe('by recovery code', () => {
  it('opens sensitive steps once for each code, and only for its owner', async () => {
    const [mine, theirs] = [api.client(), api.client()]
    await signUp({ client: mine, authenticator: createAuthenticator(), handle: 'rescue1' })
    await signUp({ client: theirs, authenticator: createAuthenticator(), handle: 'rescue2' })
    const { codes } = await mine.trpc.auth.recovery.regenerate.mutate()
    const [code = '', another = ''] = codes
    advance(SIX_MINUTES)
    expect(await mine.trpc.auth.stepUp.methods.query()).toEqual(['passkey', 'recovery_code'])
    expect(await theirs.trpc.auth.stepUp.methods.query()).toEqual(['passkey'])
    const steal = theirs.trpc.auth.stepUp.recoveryCode.mutate({ code: another })
    expect((await refusal(steal)).code).toBe('credential_refused')
    expect(await sensitive(theirs)).toBe('step_up_required')
    await mine.trpc.auth.stepUp.recoveryCode.mutate({ code })
    expect(await sensitive(mine)).toBe(OPEN)
    const twice = mine.trpc.auth.stepUp.recoveryCode.mutate({ code })
    expect((await refusal(twice)).code).toBe('credential_refused')
    await mine.trpc.auth.stepUp.recoveryCode.mutate({ code: another })
  })

  it('counts wrong codes together with other guesses of the session', async () => {
    const { client } = await person('rescue3')
    const guess = () => refusal(client.trpc.auth.stepUp.recoveryCode.mutate({ code: 'AAAA-BBBB' }))
    const codes = [await guess(), await guess(), await guess(), await guess()].map(({ code }) => code)
    expect(codes).toEqual([...Array<string>(3).fill('credential_refused'), 'too_many_requests'])
  })
})
