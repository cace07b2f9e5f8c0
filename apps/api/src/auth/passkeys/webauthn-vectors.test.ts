/**
 * The test vectors that WebAuthn Level 3 publishes (section 16, https://www.w3.org/TR/webauthn-3/#sctn-test-vectors),
 * byte for byte, against the app as it stands. The platform is stricter than the specification: it wants user
 * verification (UV), no frame, and one of the algorithms it asks for, so some vectors must be refused, and for the
 * reason given here.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type RefusalReason, refusalReason, verifyLogin, verifyRegistration } from './webauthn.ts'
import { authenticationResponseSchema, registrationResponseSchema } from './webauthn-schema.ts'

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})+$/)
  .transform((text) => Buffer.from(text, 'hex').toString('base64url'))
const vectorSchema = z.object({
  name: z.string(),
  credentialId: hex,
  registration: z.object({ challenge: hex, clientDataJSON: hex, attestationObject: hex }),
  authentication: z.object({ challenge: hex, clientDataJSON: hex, authenticatorData: hex, signature: hex }),
})
type Vector = z.infer<typeof vectorSchema>

const file = join(import.meta.dirname, 'testing/webauthn-vectors.json')
const vectors = z.array(vectorSchema).parse(JSON.parse(readFileSync(file, 'utf8')))

type Verdict = 'accepted' | RefusalReason

/** What each ceremony of a vector comes to. `unverifiable`: its algorithm is not among those asked for. */
const VERDICTS: Record<string, { registration: Verdict; authentication: Verdict }> = {
  'none.ES256': { registration: 'user_not_verified', authentication: 'user_not_verified' },
  'packed-self.ES256': { registration: 'accepted', authentication: 'user_not_verified' },
  'none.ES256.crossOrigin': { registration: 'cross_origin', authentication: 'cross_origin' },
  'none.ES256.topOrigin': { registration: 'cross_origin', authentication: 'cross_origin' },
  'none.ES256.long-credential-id': { registration: 'user_not_verified', authentication: 'accepted' },
  'packed.ES256': { registration: 'accepted', authentication: 'accepted' },
  // No such passkey can be registered; its signatures are judged all the same.
  'packed.ES384': { registration: 'unverifiable', authentication: 'accepted' },
  'packed.ES512': { registration: 'unverifiable', authentication: 'user_not_verified' },
  'packed.RS256': { registration: 'accepted', authentication: 'user_not_verified' },
  'packed.EdDSA': { registration: 'user_not_verified', authentication: 'user_not_verified' },
  'packed.Ed448': { registration: 'unverifiable', authentication: 'unverifiable' },
  'tpm.ES256': { registration: 'accepted', authentication: 'accepted' },
  'android-key.ES256': { registration: 'accepted', authentication: 'user_not_verified' },
  'apple.ES256': { registration: 'user_not_verified', authentication: 'user_not_verified' },
  'fido-u2f.ES256': { registration: 'user_not_verified', authentication: 'user_not_verified' },
}

const place = { origin: 'https://example.org', rpId: 'example.org' }

const verdict = (attempt: Promise<unknown>): Promise<Verdict | null> =>
  attempt.then(() => 'accepted' as const, refusalReason)

const envelope = ({ credentialId: id }: Vector) =>
  ({ id, rawId: id, type: 'public-key', clientExtensionResults: {} }) as const

function register(vector: Vector) {
  const { challenge: expectedChallenge, ...answer } = vector.registration
  const response = registrationResponseSchema.parse({ ...envelope(vector), response: answer })
  return verifyRegistration({ response, expectedChallenge, ...place })
}

/** The credential as its registration made it, whether or not the platform would have accepted that. */
function credentialOf({ credentialId, registration }: Vector) {
  const object = new Uint8Array(Buffer.from(registration.attestationObject, 'base64url'))
  const data = parseAuthenticatorData(decodeAttestationObject(object).get('authData'))
  const publicKey = data.credentialPublicKey ?? new Uint8Array()
  return { credentialId, publicKey, counter: data.counter, backupEligible: data.flags.be }
}

function logIn(vector: Vector) {
  const { challenge: expectedChallenge, ...answer } = vector.authentication
  const response = authenticationResponseSchema.parse({ ...envelope(vector), response: answer })
  return verifyLogin({ response, credential: credentialOf(vector), expectedChallenge, ...place })
}

it('are all here', () => {
  expect(vectors.map(({ name }) => name)).toEqual(Object.keys(VERDICTS))
})

describe.each(vectors)('$name', (vector) => {
  it(`registration: ${VERDICTS[vector.name]?.registration}`, async () => {
    expect(await verdict(register(vector))).toBe(VERDICTS[vector.name]?.registration)
  })

  it(`authentication: ${VERDICTS[vector.name]?.authentication}`, async () => {
    expect(await verdict(logIn(vector))).toBe(VERDICTS[vector.name]?.authentication)
  })

  it('is refused with one bit of its signature changed', async () => {
    const signature = Buffer.from(vector.authentication.signature, 'base64url')
    signature.writeUInt8((signature.at(-1) ?? 0) ^ 1, signature.length - 1)
    const forged = { ...vector.authentication, signature: signature.toString('base64url') }
    const framed = VERDICTS[vector.name]?.authentication === 'cross_origin'
    const found = await verdict(logIn({ ...vector, authentication: forged }))
    expect(framed ? ['cross_origin'] : ['bad_signature', 'unverifiable']).toContain(found)
  })
})

it('accepted ones give the stored passkey what the specification says', async () => {
  const packed = vectors.find(({ name }) => name === 'packed.ES256')
  expect(packed && (await register(packed))).toMatchObject({
    credentialId: packed?.credentialId,
    aaguid: '876ca4f5-2071-c3e9-b255-09ef2cdf7ed6',
    counter: 0,
    backupEligible: true,
    backedUp: false,
  })
})
