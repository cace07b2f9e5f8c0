import { type Ceremony, createAuthenticator } from '@matrixos/testing/authenticator'
import { decode, encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { distinctName, passkeyName } from './name.ts'
import {
  loginOptions,
  refusalReason,
  registrationOptions,
  verifyLogin,
  verifyRegistration,
} from './webauthn.ts'
import { authenticationResponseSchema, registrationResponseSchema } from './webauthn-schema.ts'

const origin = 'https://app.example.com'
const rpId = 'app.example.com'
const userId = new Uint8Array(64).fill(7)

type Faults = Partial<Ceremony>

async function setUp(synced = true) {
  const authenticator = createAuthenticator({ synced, aaguid: 'fdb141b2-5d84-443e-8a35-4698c205a502' })
  const register = async (faults: Faults = {}) => {
    const options = await registrationOptions({
      rp: { id: rpId, name: 'Matrix OS' },
      userId,
      handle: 'alice',
      excludeCredentialIds: [],
    })
    const response = registrationResponseSchema.parse(authenticator.create(options, { origin, ...faults }))
    return verifyRegistration({ response, expectedChallenge: options.challenge, origin, rpId })
  }
  const passkey = await register()
  const stored = { ...passkey, userHandle: Buffer.from(userId).toString('base64url') }
  const logIn = async (faults: Faults = {}, credential: typeof stored = stored) => {
    const options = await loginOptions({ rpId })
    const response = authenticationResponseSchema.parse(authenticator.get(options, { origin, ...faults }))
    return verifyLogin({ response, expectedChallenge: options.challenge, origin, rpId, credential })
  }
  return { authenticator, register, passkey, stored, logIn }
}

async function failure(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error('Expected an AppError.', { cause: error })
  return { code: error.code, reason: refusalReason(error), message: error.message }
}

const tenant = { origin: 'https://mallory.example.com', unchecked: true }

describe('options', () => {
  it('ask for a discoverable passkey, user verification and no attestation', async () => {
    const options = await registrationOptions({
      rp: { id: rpId, name: 'Matrix OS' },
      userId,
      handle: 'alice',
      excludeCredentialIds: ['AQID'],
    })
    expect(options).toMatchObject({
      rp: { id: rpId, name: 'Matrix OS' },
      user: { id: Buffer.from(userId).toString('base64url'), name: 'alice', displayName: 'alice' },
      attestation: 'none',
      timeout: 300_000,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
      excludeCredentials: [{ id: 'AQID' }],
    })
  })

  it('name no passkey at login', async () => {
    const options = await loginOptions({ rpId })
    expect(options).toMatchObject({ rpId, userVerification: 'required', timeout: 300_000 })
    expect(options.allowCredentials).toBeUndefined()
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32)
  })
})

describe('registration', () => {
  it('gives what is to be stored', async () => {
    const { passkey, authenticator } = await setUp()
    expect(passkey).toMatchObject({
      credentialId: authenticator.credentials[0]?.id,
      counter: 1,
      aaguid: 'fdb141b2-5d84-443e-8a35-4698c205a502',
      transports: ['hybrid', 'internal'],
      backupEligible: true,
      backedUp: true,
    })
    expect((await setUp(false)).passkey).toMatchObject({ backupEligible: false, backedUp: false })
  })

  it.each<[string, Faults, string, string]>([
    ['an instance as its origin', tenant, 'credential_refused', 'wrong_origin'],
    ['a frame', { crossOrigin: true }, 'credential_refused', 'cross_origin'],
    ['a top origin', { topOrigin: 'https://mallory.example.com' }, 'credential_refused', 'cross_origin'],
    ['no user verification', { userVerified: false }, 'credential_refused', 'user_not_verified'],
    ['another challenge', { challenge: 'AAAA' }, 'challenge_expired', 'challenge_mismatch'],
    ['another rpId', { rpId: 'example.com' }, 'credential_refused', 'unverifiable'],
  ])('refuses %s', async (_, faults, code, reason) => {
    const { register } = await setUp()
    expect(await failure(register(faults))).toMatchObject({ code, reason })
  })

  it('says which origin works, and nothing of the challenge', async () => {
    const { message } = await failure((await setUp()).register(tenant))
    expect(message).toBe(`Passkeys for this platform only work on ${origin}.`)
  })

  it('reads no attestation statement, whose certificates could name URLs to fetch', async () => {
    const { authenticator } = await setUp()
    const rp = { id: rpId, name: 'Matrix OS' }
    const options = await registrationOptions({ rp, userId, handle: 'alice', excludeCredentialIds: [] })
    const raw = registrationResponseSchema.parse(authenticator.create(options, { origin }))
    const object = decode(Buffer.from(raw.response.attestationObject, 'base64url'))
    const signed = encode({ ...object, fmt: 'android-key', attStmt: { x5c: [new Uint8Array(9)], alg: -7 } })
    const attestationObject = Buffer.from(signed).toString('base64url')
    const response = { ...raw, response: { ...raw.response, attestationObject } }
    const verified = verifyRegistration({ response, expectedChallenge: options.challenge, origin, rpId })
    await expect(verified).resolves.toMatchObject({ credentialId: raw.id })
  })

  it('refuses garbage, and an id that is not the one in the authenticator data', async () => {
    const { authenticator } = await setUp()
    const options = await registrationOptions({
      rp: { id: rpId, name: 'Matrix OS' },
      userId,
      handle: 'alice',
      excludeCredentialIds: [],
    })
    const good = registrationResponseSchema.parse(authenticator.create(options, { origin }))
    const bad = [
      { ...good, id: 'AAAA', rawId: 'AAAA' },
      { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } },
      { ...good, response: { ...good.response, attestationObject: 'AAAA' } },
    ]
    for (const response of bad) {
      const attempt = verifyRegistration({ response, expectedChallenge: options.challenge, origin, rpId })
      expect(await failure(attempt)).toMatchObject({ code: 'credential_refused', reason: 'unverifiable' })
    }
  })
})

describe('login', () => {
  it('is verified again and again while the counter rises', async () => {
    const { logIn, stored } = await setUp()
    const first = await logIn()
    expect(first).toEqual({ newCounter: 2, backedUp: true })
    expect(await logIn({}, { ...stored, counter: first.newCounter })).toMatchObject({ newCounter: 3 })
  })

  it.each<[string, Faults, string, string]>([
    ['an assertion made for an instance', tenant, 'credential_refused', 'wrong_origin'],
    ['a frame', { crossOrigin: true }, 'credential_refused', 'cross_origin'],
    [
      'a frame with its top origin',
      { crossOrigin: true, topOrigin: origin },
      'credential_refused',
      'cross_origin',
    ],
    ['no user verification', { userVerified: false }, 'credential_refused', 'user_not_verified'],
    ['a bogus signature', { bogusSignature: true }, 'credential_refused', 'bad_signature'],
    ['a counter that went back', { counterRollback: true }, 'credential_refused', 'counter_rollback'],
    [
      'a changed backup flag',
      { flipBackupEligible: true },
      'credential_refused',
      'backup_eligibility_changed',
    ],
    ['another challenge', { challenge: 'AAAA' }, 'challenge_expired', 'challenge_mismatch'],
    ['another rpId', { rpId: 'example.com' }, 'credential_refused', 'unverifiable'],
  ])('refuses %s', async (_, faults, code, reason) => {
    const { logIn } = await setUp()
    expect(await failure(logIn(faults))).toMatchObject({ code, reason })
  })

  it('reports a rollback only when the signature is right', async () => {
    const { logIn } = await setUp()
    expect(await failure(logIn({ counterRollback: true, bogusSignature: true }))).toMatchObject({
      reason: 'bad_signature',
    })
  })

  it('refuses another passkey and another owner', async () => {
    const { logIn, stored } = await setUp()
    const { stored: other } = await setUp()
    expect(await failure(logIn({}, other))).toMatchObject({ reason: 'unverifiable' })
    expect(await failure(logIn({}, { ...other, credentialId: stored.credentialId }))).toMatchObject({
      reason: 'bad_signature',
    })
    expect(await failure(logIn({}, { ...stored, userHandle: 'AAAA' }))).toMatchObject({
      reason: 'wrong_user_handle',
    })
  })

  it('refuses a registration in its place', async () => {
    const { authenticator, stored } = await setUp()
    const options = await loginOptions({ rpId })
    const response = authenticationResponseSchema.parse(authenticator.get(options, { origin }))
    const { clientDataJSON } = response.response
    const text = Buffer.from(clientDataJSON, 'base64url')
      .toString()
      .replace('webauthn.get', 'webauthn.create')
    response.response.clientDataJSON = Buffer.from(text).toString('base64url')
    const attempt = verifyLogin({
      response,
      expectedChallenge: options.challenge,
      origin,
      rpId,
      credential: stored,
    })
    expect(await failure(attempt)).toMatchObject({ reason: 'wrong_ceremony' })
  })
})

describe('schemas', () => {
  it('drop unknown keys, and cap what they keep', async () => {
    const { authenticator } = await setUp()
    const raw = authenticator.get(await loginOptions({ rpId }), { origin })
    expect(authenticationResponseSchema.parse({ ...raw, extra: 1 })).not.toHaveProperty('extra')
    const long = { ...raw, response: { ...raw.response, signature: 'A'.repeat(2049) } }
    expect(authenticationResponseSchema.safeParse(long).success).toBe(false)
    expect(authenticationResponseSchema.safeParse({ ...raw, id: 'not base64url!' }).success).toBe(false)
    expect(authenticationResponseSchema.safeParse({ ...raw, id: '' }).success).toBe(false)
  })
})

describe('passkeyName', () => {
  it('knows common authenticators, and calls the others Passkey', () => {
    expect(passkeyName('BADA5566-a7aa-401f-bd96-45619a55120d')).toBe('1Password')
    expect(passkeyName('00000000-0000-0000-0000-000000000000')).toBe('Passkey')
  })

  it('numbers those of one kind', () => {
    expect(distinctName('Passkey', [])).toBe('Passkey')
    expect(distinctName('Passkey', ['Passkey', 'Passkey 3'])).toBe('Passkey 2')
    expect(distinctName('Passkey', ['Passkey', 'Passkey 2'])).toBe('Passkey 3')
  })
})
