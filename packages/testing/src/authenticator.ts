/** A WebAuthn authenticator in software, with the browser's checks around it, and faults on demand for abuse tests. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { encode } from 'cborg'

/** Flags of the authenticator data (WebAuthn 3, 6.1). */
const FLAG = { userPresent: 1, userVerified: 4, backupEligible: 8, backedUp: 16, attestedData: 64 } as const
const ES256 = -7

/** What goes wrong on purpose. Without any, the ceremony is an honest one. */
export interface Faults {
  /** No comparison of origin and rpId: what a browser would have to be for an instance's page to get an answer. */
  unchecked?: boolean
  /** Signs for another relying party than the options ask for. */
  rpId?: string
  crossOrigin?: boolean
  topOrigin?: string
  /** Signs another challenge than the options hold. */
  challenge?: string
  userVerified?: false
  bogusSignature?: boolean
  /** Sends a counter below the last one, as a copy of the key would. */
  counterRollback?: boolean
  /** Claims the opposite of what registration said. */
  flipBackupEligible?: boolean
}

export interface Ceremony extends Faults {
  /** Of the page that calls, e.g. `http://app.localhost:8080`. */
  origin: string
}

/** The part of a `PublicKeyCredentialCreationOptionsJSON` that is read here. */
export interface CreationOptions {
  rp: { id?: string | undefined }
  user: { id: string; name: string }
  challenge: string
  pubKeyCredParams: readonly { alg: number }[]
  excludeCredentials?: readonly { id: string }[] | undefined
}

/** The part of a `PublicKeyCredentialRequestOptionsJSON` that is read here. */
export interface RequestOptions {
  rpId?: string | undefined
  challenge: string
  allowCredentials?: readonly { id: string }[] | undefined
}

export interface SoftCredential {
  /** base64url */
  id: string
  rpId: string
  /** base64url of the WebAuthn user id. */
  userHandle: string
  userName: string
  privateKey: KeyObject
  /** Last counter sent. */
  counter: number
}

export interface AuthenticatorOptions {
  random?: (bytes: number) => Uint8Array
  /** UUID; zeros by default. */
  aaguid?: string
  /** A synced passkey (the default), or one that never leaves its device. */
  synced?: boolean
}

export interface Authenticator {
  create: (options: CreationOptions, ceremony: Ceremony) => RegistrationResponseJSON
  /** Without an allow list the newest passkey for the rpId answers. */
  get: (options: RequestOptions, ceremony: Ceremony) => AuthenticationResponseJSON
  /** Oldest first. */
  credentials: SoftCredential[]
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

/** Throws a SecurityError as browsers do: a secure context, whose host is the rpId or below it. */
function checkOrigin(rpId: string, { origin, unchecked }: Ceremony): void {
  const { protocol, hostname } = new URL(origin)
  const secure = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
  const matches = hostname === rpId || hostname.endsWith(`.${rpId}`)
  if (unchecked || (secure && matches)) return
  throw new DOMException(`The relying party id ${rpId} is not for ${origin}.`, 'SecurityError')
}

function clientData(type: string, challenge: string, ceremony: Ceremony): Buffer {
  const { origin, crossOrigin = false, topOrigin } = ceremony
  const data = { type, challenge: ceremony.challenge ?? challenge, origin, crossOrigin }
  return Buffer.from(JSON.stringify(topOrigin === undefined ? data : { ...data, topOrigin }))
}

function authenticatorData(o: {
  rpId: string
  counter: number
  synced: boolean
  ceremony: Ceremony
  attested?: Buffer
}): Buffer {
  const { ceremony, attested } = o
  const eligible = o.synced !== (ceremony.flipBackupEligible ?? false)
  let flags: number = FLAG.userPresent
  if (ceremony.userVerified !== false) flags |= FLAG.userVerified
  if (eligible) flags |= FLAG.backupEligible | FLAG.backedUp
  if (attested) flags |= FLAG.attestedData
  const head = Buffer.alloc(5)
  head.writeUInt8(flags)
  head.writeUInt32BE(o.counter, 1)
  return Buffer.concat([sha256(ceremony.rpId ?? o.rpId), head, ...(attested ? [attested] : [])])
}

/** AAGUID, length and value of the credential id, COSE key (RFC 9053, 7.1.1). */
function attestedData(aaguid: string, id: Buffer, publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const coseKey = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, ES256],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ])
  const idLength = Buffer.alloc(2)
  idLength.writeUInt16BE(id.length)
  return Buffer.concat([Buffer.from(aaguid.replaceAll('-', ''), 'hex'), idLength, id, encode(coseKey)])
}

const envelope = (id: string) =>
  ({
    id,
    rawId: id,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
  }) as const

export function createAuthenticator(options: AuthenticatorOptions = {}): Authenticator {
  const { random = randomBytes, aaguid = '00000000-0000-0000-0000-000000000000', synced = true } = options
  const credentials: SoftCredential[] = []

  function create(o: CreationOptions, ceremony: Ceremony): RegistrationResponseJSON {
    const rpId = o.rp.id ?? new URL(ceremony.origin).hostname
    checkOrigin(rpId, ceremony)
    if (!o.pubKeyCredParams.some(({ alg }) => alg === ES256)) {
      throw new DOMException('None of the algorithms is supported.', 'NotSupportedError')
    }
    const excluded = o.excludeCredentials?.map(({ id }) => id) ?? []
    if (credentials.some((held) => held.rpId === rpId && excluded.includes(held.id))) {
      throw new DOMException('This authenticator holds a passkey of this account.', 'InvalidStateError')
    }
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = Buffer.from(random(16))
    const held = credentials.findIndex((c) => c.rpId === rpId && c.userHandle === o.user.id)
    // A second passkey for the same account takes the place of the first (CTAP 2.1, 6.1.2, step 17).
    if (held !== -1) credentials.splice(held, 1)
    const fresh = { id: base64url(id), rpId, userHandle: o.user.id, userName: o.user.name, privateKey }
    credentials.push({ ...fresh, counter: 1 })
    const attested = attestedData(aaguid, id, publicKey)
    const authData = authenticatorData({ rpId, counter: 1, synced, ceremony, attested })
    return {
      ...envelope(fresh.id),
      response: {
        clientDataJSON: base64url(clientData('webauthn.create', o.challenge, ceremony)),
        attestationObject: base64url(encode({ fmt: 'none', attStmt: {}, authData })),
        transports: synced ? ['hybrid', 'internal'] : ['internal'],
      },
    }
  }

  function get(o: RequestOptions, ceremony: Ceremony): AuthenticationResponseJSON {
    const rpId = o.rpId ?? new URL(ceremony.origin).hostname
    checkOrigin(rpId, ceremony)
    const allowed = o.allowCredentials?.map(({ id }) => id) ?? []
    const held = credentials.findLast((c) => c.rpId === rpId && (!allowed.length || allowed.includes(c.id)))
    if (!held) throw new DOMException(`There is no passkey for ${rpId}.`, 'NotAllowedError')
    const counter = ceremony.counterRollback ? held.counter - 1 : held.counter + 1
    held.counter = Math.max(held.counter, counter)
    const authData = authenticatorData({ rpId, counter, synced, ceremony })
    const client = clientData('webauthn.get', o.challenge, ceremony)
    const signed = ceremony.bogusSignature ? random(69) : Buffer.concat([authData, sha256(client)])
    return {
      ...envelope(held.id),
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(authData),
        signature: base64url(sign('sha256', signed, held.privateKey)),
        userHandle: held.userHandle,
      },
    }
  }

  return { create, get, credentials }
}
