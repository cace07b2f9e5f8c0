/** Signing up while a proof of work is wanted. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { expect, it } from 'vitest'
import { startApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const OWN_API_MS = 120_000
const password = 'a long enough phrase'
const needed = { code: 'proof_of_work_required', status: 403 }

it(
  'is wanted for either way to sign up, and not for signing in',
  async () => {
    await using api = await startApi({ pretended: true, env: { PROOF_OF_WORK: 'on' } })
    const { trpc } = api.client()
    const passkey = trpc.auth.registerPasskeyOptions.mutate({ handle: 'ada' })
    expect(await refusal(passkey)).toMatchObject(needed)
    const totp = trpc.auth.registerTotpStart.mutate({ handle: 'ada', password })
    expect(await refusal(totp)).toMatchObject(needed)
    await expect(trpc.auth.loginPasskeyOptions.mutate()).resolves.toBeTruthy()
    const client = api.client()
    const authenticator = createAuthenticator()
    await expect(signUp({ client, authenticator, handle: 'ada' })).resolves.toMatchObject({ handle: 'ada' })
  },
  OWN_API_MS,
)

it(
  'is wanted once many sign-ups begin, refused ones included',
  async () => {
    await using api = await startApi({ pretended: true, env: { UNPROVED_SIGN_UPS_PER_TEN_MINUTES: '2' } })
    const begin = (handle: string) =>
      refusal(api.client().trpc.auth.registerPasskeyOptions.mutate({ handle }))
    const codes = [await begin('admin'), await begin('admin'), await begin('admin')].map(({ code }) => code)
    expect(codes).toEqual(['handle_reserved', 'handle_reserved', 'proof_of_work_required'])
    const client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'patient' })
  },
  OWN_API_MS,
)

it(
  'is not wanted where it is off',
  async () => {
    const env = { PROOF_OF_WORK: 'off', UNPROVED_SIGN_UPS_PER_TEN_MINUTES: '1' }
    await using api = await startApi({ pretended: true, env })
    for (const handle of ['one', 'two', 'three']) {
      const { trpc } = api.client()
      await expect(trpc.auth.registerPasskeyOptions.mutate({ handle })).resolves.toBeTruthy()
    }
  },
  OWN_API_MS,
)
