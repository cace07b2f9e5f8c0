/** The two passkey ceremonies, and every reason to refuse one. Challenges are stored and consumed elsewhere. */

import type { ErrorCode } from '@matrixos/shared'
import * as webauthn from '@simplewebauthn/server'
import { COSEALG, decodeAttestationObject, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { ATTEMPT_EXPIRED, PASSKEY_REFUSED } from '../../texts.ts'

/** Milliseconds that a person has for one ceremony; as long as a challenge lives. */
const CEREMONY_MS = 5 * 60_000
const ALGORITHMS: number[] = [COSEALG.ES256, COSEALG.EdDSA, COSEALG.RS256]

/** Why a response was refused: for the audit log, never for the client. */
export type RefusalReason =
  | 'wrong_ceremony'
  | 'challenge_mismatch'
  | 'wrong_origin'
  | 'cross_origin'
  | 'user_not_verified'
  | 'bad_signature'
  | 'counter_rollback'
  | 'backup_eligibility_changed'
  | 'wrong_user_handle'
  | 'unverifiable'

/** The reason inside an error that this file threw, or `null` for any other error. */
export function refusalReason(error: unknown): RefusalReason | null {
  const cause = error instanceof AppError ? error.cause : null
  return cause instanceof Error && 'reason' in cause ? (cause.reason as RefusalReason) : null
}

/** One message for nearly every refusal: a caller learns nothing of which check failed. */
function refused(reason: RefusalReason, o: { cause?: unknown; code?: ErrorCode; message?: string } = {}) {
  const cause = Object.assign(new Error(reason, { cause: o.cause }), { reason })
  return new AppError(o.code ?? 'credential_refused', o.message ?? PASSKEY_REFUSED, {
    cause,
  })
}

/** The library throws plain errors for whatever is malformed, for another rpId and for an absent person. */
async function attempt<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (cause) {
    throw refused('unverifiable', { cause })
  }
}

/** What a response is held against: the stored challenge, and the app's own origin and host name. */
export type Expectation = { expectedChallenge: string; origin: string; rpId: string }
type Answer<Response> = Expectation & { response: Response }

const clientDataSchema = z.looseObject({ type: z.string(), challenge: z.string(), origin: z.string() })

/**
 * The checks on what the browser itself wrote. The library lets `crossOrigin: true` pass; an instance that frames
 * the app must get nowhere, so both marks of a frame are refused.
 */
async function checkClientData(encoded: string, type: string, o: Expectation): Promise<void> {
  const decode = async () => clientDataSchema.parse(JSON.parse(isoBase64URL.toUTF8String(encoded)))
  const data = await attempt(decode)
  if (data.type !== type) throw refused('wrong_ceremony')
  if (data.challenge !== o.expectedChallenge) {
    const message = ATTEMPT_EXPIRED
    throw refused('challenge_mismatch', { code: 'challenge_expired', message })
  }
  if (data.origin !== o.origin) {
    const message = `Passkeys for this platform only work on ${o.origin}.`
    throw refused('wrong_origin', { message })
  }
  if ((data.crossOrigin ?? false) !== false || data.topOrigin !== undefined) throw refused('cross_origin')
}

/** Whether a login was asked for on the app's own page, whatever passkey answers. Throws as `verifyLogin` does. */
export const requireOwnPage = (clientDataJSON: string, o: Expectation): Promise<void> =>
  checkClientData(clientDataJSON, 'webauthn.get', o)

/** User verification is judged here, not by the library, to know this reason from the others. */
const libraryOptions = (o: Expectation) => ({
  expectedChallenge: o.expectedChallenge,
  expectedOrigin: o.origin,
  expectedRPID: o.rpId,
  requireUserVerification: false,
})

/** No extension is used, and their types hold buffers, which JSON has not. */
const bare = <T extends { extensions?: unknown }>({ extensions: _, ...options }: T) => options

/** The challenge, 32 random bytes, is in the answer: store it, and hand it to the verification once. */
export interface RegistrationOptions {
  rp: { id: string; name: string }
  /** 64 random bytes, never derived from the person: it is readable on any device that holds the passkey. */
  userId: Uint8Array
  handle: string
  excludeCredentialIds: string[]
}

export async function registrationOptions(o: RegistrationOptions) {
  const options = await webauthn.generateRegistrationOptions({
    rpID: o.rp.id,
    rpName: o.rp.name,
    userID: new Uint8Array(o.userId),
    userName: o.handle,
    userDisplayName: o.handle,
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: o.excludeCredentialIds.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return bare(options)
}

/**
 * The same registration without its attestation statement, as browsers send it for `attestation: 'none'`. Some
 * formats carry certificates that name revocation lists, which the library fetches before it trusts the chain:
 * whoever signs up could make the platform call any URL.
 */
function withoutAttestation(response: webauthn.RegistrationResponseJSON): webauthn.RegistrationResponseJSON {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(response.response.attestationObject))
  const none = new Map<string, Parameters<typeof isoCBOR.encode>[0]>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', decoded.get('authData')],
  ])
  const attestationObject = isoBase64URL.fromBuffer(isoCBOR.encode(none))
  return { ...response, response: { ...response.response, attestationObject } }
}

/** A passkey as it is stored: its id in base64url, its key as COSE. */
export interface VerifiedPasskey {
  credentialId: string
  publicKey: Uint8Array
  counter: number
  /** UUID of the authenticator's model; zeros when it does not say. */
  aaguid: string
  transports: string[]
  backupEligible: boolean
  backedUp: boolean
}

/** Throws an AppError: `credential_refused` or `challenge_expired`. */
export async function verifyRegistration(
  o: Answer<webauthn.RegistrationResponseJSON>,
): Promise<VerifiedPasskey> {
  await checkClientData(o.response.response.clientDataJSON, 'webauthn.create', o)
  const { registrationInfo } = await attempt(() =>
    webauthn.verifyRegistrationResponse({
      response: withoutAttestation(o.response),
      ...libraryOptions(o),
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (!registrationInfo?.userVerified) throw refused('user_not_verified')
  const { credential } = registrationInfo
  // The id to store is the authenticator's; the one beside it is the client's word.
  if (credential.id !== o.response.id) throw refused('unverifiable')
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    aaguid: registrationInfo.aaguid,
    transports: o.response.response.transports ?? [],
    backupEligible: registrationInfo.credentialDeviceType === 'multiDevice',
    backedUp: registrationInfo.credentialBackedUp,
  }
}

/**
 * At a login without `allowIds`: the authenticator offers the passkeys it holds, so no handle is asked and none is
 * confirmed. Whoever is signed in proves it again with one of their own, which `allowIds` names.
 */
export async function loginOptions({ rpId: rpID, allowIds }: { rpId: string; allowIds?: string[] }) {
  const allow = allowIds && { allowCredentials: allowIds.map((id) => ({ id })) }
  const options = { rpID, timeout: CEREMONY_MS, userVerification: 'required', ...allow } as const
  return bare(await webauthn.generateAuthenticationOptions(options))
}

type PasskeyAtLogin = Pick<VerifiedPasskey, 'credentialId' | 'publicKey' | 'counter' | 'backupEligible'>
/** `userHandle`: base64url of the owner's WebAuthn user id. Given: the response must name it. */
export type StoredPasskey = PasskeyAtLogin & { userHandle?: string }

/**
 * Throws an AppError: `credential_refused` or `challenge_expired`. The counter and the backup
 * flag are judged after the signature, so that only a real copy of the key shows up as a rollback in the audit log.
 */
export async function verifyLogin(
  o: Answer<webauthn.AuthenticationResponseJSON> & { credential: StoredPasskey },
): Promise<{ newCounter: number; backedUp: boolean }> {
  const { response, credential } = o
  await checkClientData(response.response.clientDataJSON, 'webauthn.get', o)
  const stored = { id: credential.credentialId, publicKey: new Uint8Array(credential.publicKey) }
  if (response.id !== stored.id) throw refused('unverifiable')
  const { verified, authenticationInfo: info } = await attempt(() =>
    webauthn.verifyAuthenticationResponse({
      response,
      ...libraryOptions(o),
      credential: { ...stored, counter: 0 },
    }),
  )
  if (!verified) throw refused('bad_signature')
  if (!info.userVerified) throw refused('user_not_verified')
  const { userHandle: named } = response.response
  if (named !== (credential.userHandle ?? named)) throw refused('wrong_user_handle')
  // Authenticators that do not count send 0 always (WebAuthn 3, 6.1.1).
  if (Math.max(info.newCounter, credential.counter) > 0 && info.newCounter <= credential.counter)
    throw refused('counter_rollback')
  const backupEligible = info.credentialDeviceType === 'multiDevice'
  if (backupEligible !== credential.backupEligible) throw refused('backup_eligibility_changed')
  return { newCounter: info.newCounter, backedUp: info.credentialBackedUp }
}
