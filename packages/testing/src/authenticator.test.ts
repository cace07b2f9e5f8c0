import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { describe, expect, it } from 'vitest'
import { type AuthenticatorOptions, type Ceremony, createAuthenticator } from './authenticator.ts'

const rpID = 'app.localhost'
const origin = 'http://app.localhost:8080'
const supportedAlgorithmIDs = [-7]
const userID = new Uint8Array(64).fill(7)

async function setUp(options: AuthenticatorOptions = {}) {
  const authenticator = createAuthenticator(options)
  const creation = await generateRegistrationOptions({
    rpID,
    rpName: 'Matrix OS',
    userName: 'alice',
    userID,
    supportedAlgorithmIDs,
  })
  const register = (faults: Partial<Ceremony> = {}) =>
    verifyRegistrationResponse({
      response: authenticator.create(creation, { origin, ...faults }),
      expectedChallenge: creation.challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      supportedAlgorithmIDs,
    })
  const { registrationInfo } = await register()
  if (!registrationInfo) throw new Error('The registration was not verified.')
  const request = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
  const logIn = (faults: Partial<Ceremony> = {}) =>
    verifyAuthenticationResponse({
      response: authenticator.get(request, { origin, ...faults }),
      expectedChallenge: request.challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: registrationInfo.credential,
    })
  return { authenticator, creation, register, registrationInfo, request, logIn }
}

describe('an honest ceremony', () => {
  it('registers a passkey', async () => {
    const aaguid = 'fdb141b2-5d84-443e-8a35-4698c205a502'
    const { registrationInfo, authenticator } = await setUp({
      aaguid,
      random: (n) => new Uint8Array(n).fill(4),
    })
    expect(registrationInfo).toMatchObject({
      aaguid,
      fmt: 'none',
      userVerified: true,
      credentialDeviceType: 'multiDevice',
      credentialBackedUp: true,
      credential: { id: Buffer.alloc(16, 4).toString('base64url'), counter: 1 },
    })
    expect(authenticator.credentials).toMatchObject([{ rpId: rpID, userName: 'alice' }])
  })

  it('logs in without a name, and says whose passkey it is', async () => {
    const { logIn, authenticator, request } = await setUp({ synced: false })
    expect(await logIn()).toMatchObject({
      verified: true,
      authenticationInfo: { newCounter: 2, userVerified: true, credentialDeviceType: 'singleDevice' },
    })
    const { userHandle } = authenticator.get(request, { origin }).response
    expect(userHandle).toBe(Buffer.from(userID).toString('base64url'))
  })

  it('keeps one passkey per account, and makes none where one is excluded', async () => {
    const { authenticator, creation, register } = await setUp()
    await register()
    expect(authenticator.credentials).toHaveLength(1)
    const [held] = authenticator.credentials
    const excludeCredentials = [{ id: held?.id ?? '', type: 'public-key' as const }]
    const again = () => authenticator.create({ ...creation, excludeCredentials }, { origin })
    expect(again).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  })
})

describe("the browser's checks", () => {
  it.each(['http://alice.localhost:8080', 'http://localhost:8080', 'http://notapp.localhost'])(
    'give %s nothing',
    async (page) => {
      const { authenticator, creation, request } = await setUp()
      const securityError = expect.objectContaining({ name: 'SecurityError' })
      expect(() => authenticator.create(creation, { origin: page })).toThrow(securityError)
      expect(() => authenticator.get(request, { origin: page })).toThrow(securityError)
    },
  )

  it('ask for a secure context', async () => {
    const { authenticator, request } = await setUp()
    const plain = () =>
      authenticator.get({ ...request, rpId: 'example.com' }, { origin: 'http://example.com' })
    expect(plain).toThrow(expect.objectContaining({ name: 'SecurityError' }))
  })

  it('find no passkey of another relying party, nor one that is not allowed', async () => {
    const { authenticator, request } = await setUp()
    const notAllowed = expect.objectContaining({ name: 'NotAllowedError' })
    const elsewhere = () =>
      authenticator.get({ ...request, rpId: 'localhost' }, { origin: 'http://localhost' })
    expect(elsewhere).toThrow(notAllowed)
    const allowCredentials = [{ id: 'AAAA', type: 'public-key' as const }]
    expect(() => authenticator.get({ ...request, allowCredentials }, { origin })).toThrow(notAllowed)
  })
})

describe('faults', () => {
  it.each<[string, Partial<Ceremony>, RegExp]>([
    ['another origin', { origin: 'http://mallory.localhost:8080', unchecked: true }, /origin/],
    ['another rpId', { rpId: 'localhost' }, /RP ID/],
    ['another challenge', { challenge: 'AAAA' }, /challenge/],
    ['no user verification', { userVerified: false }, /could not be verified/],
  ])('refuses %s in both ceremonies', async (_, faults, message) => {
    const { register } = await setUp()
    await expect(register(faults)).rejects.toThrow(message)
    const { logIn } = await setUp()
    await expect(logIn(faults)).rejects.toThrow(message)
  })

  it('does not verify a bogus signature', async () => {
    const { logIn } = await setUp()
    expect(await logIn({ bogusSignature: true })).toMatchObject({ verified: false })
  })

  it('refuses a counter that went back', async () => {
    const { logIn } = await setUp()
    await expect(logIn({ counterRollback: true })).rejects.toThrow(/counter/)
  })

  it('shows a changed backup flag', async () => {
    const { logIn } = await setUp()
    expect(await logIn({ flipBackupEligible: true })).toMatchObject({
      authenticationInfo: { credentialDeviceType: 'singleDevice' },
    })
  })

  it('puts crossOrigin and topOrigin in the client data, which the library accepts', async () => {
    const { authenticator, logIn, request } = await setUp()
    expect(await logIn({ crossOrigin: true })).toMatchObject({ verified: true })
    const framed = authenticator.get(request, {
      origin,
      crossOrigin: true,
      topOrigin: 'http://mallory.localhost',
    })
    expect(JSON.parse(Buffer.from(framed.response.clientDataJSON, 'base64url').toString())).toMatchObject({
      crossOrigin: true,
      topOrigin: 'http://mallory.localhost',
    })
  })
})
