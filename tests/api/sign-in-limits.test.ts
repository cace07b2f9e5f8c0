/** How many accounts are made, sign-ins tried and passwords guessed, and what people are told beyond that. */

import { signUp } from '@matrixos/client'
import { newId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../apps/api/src/clock.ts'
import { startApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const LIMITED = { code: 'too_many_requests', status: 429, retryAfterS: expect.any(Number) }
/** A test that starts an api of its own takes long on a busy machine. */
const OWN_API_MS = 120_000
const password = 'a long enough phrase'

const newcomer = (client: PlatformClient, handle: string) =>
  signUp({ client, authenticator: createAuthenticator(), handle })

/** The first half of a sign-up; the answer is the second. */
async function begin(client: PlatformClient, handle: string) {
  const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle })
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  return () => client.trpc.auth.registerPasskey.mutate({ challengeId, response })
}

describe('accounts created in an hour', () => {
  it(
    'are limited per network, which is said before a passkey or password is made',
    async () => {
      await using api = await startApi({ pretended: true, env: { SIGN_UPS_PER_NETWORK_PER_HOUR: '2' } })
      await newcomer(api.client(), 'first')
      const [one, other] = [await begin(api.client(), 'second'), await begin(api.client(), 'third')]
      await one()
      expect(await refusal(other())).toMatchObject(LIMITED)
      const passkey = await refusal(begin(api.client(), 'third'))
      expect(passkey).toMatchObject(LIMITED)
      // The SPA adds when to try again.
      expect(passkey.message).toBe('Too many accounts were created from your network in the last hour.')
      const totp = api.client().trpc.auth.registerTotpStart.mutate({ handle: 'third', password })
      expect(await refusal(totp)).toMatchObject(LIMITED)
    },
    OWN_API_MS,
  )

  it(
    'are limited in sum, and one that failed does not count',
    async () => {
      await using api = await startApi({ pretended: true, env: { SIGN_UPS_PER_HOUR: '2' } })
      const [one, other] = [await begin(api.client(), 'wanted'), await begin(api.client(), 'wanted')]
      await one()
      expect((await refusal(other())).code).toBe('handle_taken')
      await newcomer(api.client(), 'second')
      expect(await refusal(newcomer(api.client(), 'third'))).toMatchObject(LIMITED)
    },
    OWN_API_MS,
  )

  it.each([
    ['their network', { SIGN_UPS_PER_NETWORK_PER_HOUR: '5' }],
    ['everybody', { SIGN_UPS_PER_HOUR: '5' }],
  ])(
    'leave room for %s after many sign-ups failed at once',
    async (_whose, env) => {
      await using api = await startApi({ pretended: true, env })
      const finish = await Promise.all(Array.from({ length: 12 }, () => begin(api.client(), 'wanted')))
      const ended = await Promise.allSettled(finish.map((end) => end()))
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (let i = 2; i <= 5; i++) await newcomer(api.client(), `person${i}`)
      expect(await refusal(newcomer(api.client(), 'person6'))).toMatchObject(LIMITED)
    },
    OWN_API_MS,
  )
})

describe('sign-in calls of one network', () => {
  it(
    'include neither look-ups of handles nor the second half of a sign-up',
    async () => {
      await using api = await startApi({
        pretended: true,
        env: { AUTH_ATTEMPTS_PER_MINUTE: '3', HANDLE_LOOKUPS_PER_MINUTE: '5' },
      })
      const lookUp = () => api.client().trpc.auth.handleAvailability.query({ handle: 'pupil' })
      for (let i = 0; i < 5; i++) expect((await lookUp()).status).toBe('ok')
      expect(await refusal(lookUp())).toMatchObject(LIMITED)
      const { trpc } = api.client()
      const totp = await trpc.auth.registerTotpStart.mutate({ handle: 'phone', password })
      const finish = [await begin(api.client(), 'pupil1'), await begin(api.client(), 'pupil2')]
      expect(await refusal(begin(api.client(), 'pupil3'))).toMatchObject(LIMITED)
      for (const [index, end] of finish.entries()) expect((await end()).handle).toBe(`pupil${index + 1}`)
      const wrong = trpc.auth.registerTotp.mutate({ challengeId: totp.challengeId, code: '000000' })
      expect((await refusal(wrong)).code).toBe('credential_refused')
    },
    OWN_API_MS,
  )

  it(
    'include second halves of sign-ups that were never begun',
    async () => {
      await using api = await startApi({ pretended: true, env: { AUTH_ATTEMPTS_PER_MINUTE: '3' } })
      const { trpc } = api.client()
      const challengeId = newId('chl', systemClock)
      const guess = async () =>
        (await refusal(trpc.auth.registerTotp.mutate({ challengeId, code: '000000' }))).code
      const codes = [await guess(), await guess(), await guess(), await guess()]
      expect(codes).toEqual([...Array<string>(3).fill('challenge_expired'), 'too_many_requests'])
    },
    OWN_API_MS,
  )
})

describe('passwords tried for one handle', () => {
  it(
    'are limited in sum, which refuses strangers and never a network its owner signs in from',
    async () => {
      const env = { STRANGERS_PASSWORD_ATTEMPTS_PER_HANDLE_PER_HOUR: '3' }
      await using api = await startApi({ pretended: true, env })
      const call = (path: string, address: string, input: unknown) => {
        const { browser, hosts } = client
        return browser.fetch(`${hosts.appOrigin}/trpc/${path}`, {
          method: 'POST',
          body: JSON.stringify(input),
          headers: { 'content-type': 'application/json', 'x-mos': '1', 'x-forwarded-for': address },
        })
      }
      const client = api.client()
      const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({
        handle: 'home',
      })
      const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
      await call('auth.registerPasskey', '192.0.2.1', { challengeId, response })
      const guess = async (handle: string, address: string) =>
        (await call('auth.loginTotp', address, { handle, password, code: '123456' })).status
      const guesses = (handle: string) =>
        [1, 2, 3, 4].map((host) => () => guess(handle, `198.51.100.${host}`))
      for (const handle of ['home', 'nobody']) {
        const statuses = []
        for (const next of guesses(handle)) statuses.push(await next())
        // A handle that nobody has is refused like any other.
        expect(statuses).toEqual([401, 401, 401, 429])
      }
      expect(await guess('home', '192.0.2.1')).toBe(401)
    },
    OWN_API_MS,
  )
})
