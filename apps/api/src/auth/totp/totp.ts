/** Codes from an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s), and how their secrets are stored in the database. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'

/** The parameters that every authenticator app knows; several ignore any other. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Steps before and after the present one that are accepted, for clocks that are off. */
const WINDOW = 1
/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20

type RandomBytes = (bytes: number) => Uint8Array

/** Six digits; blanks are dropped, as apps show codes in groups. */
export const totpCodeSchema = z
  .string()
  .max(16)
  .transform((text) => text.replaceAll(/\s/g, ''))
  .refine((code) => /^\d{6}$/.test(code), 'Enter the 6-digit code.')

/** A new secret in base 32, the form that people can type. */
export const newTotpSecret = (random: RandomBytes): string =>
  new Secret({ buffer: new Uint8Array(random(SECRET_BYTES)).buffer }).base32

/** What the QR code says. `secret` in base 32. */
export const otpauthUrl = (o: { secret: string; handle: string; issuer: string }): string =>
  new TOTP({ ...PARAMETERS, issuer: o.issuer, label: o.handle, secret: o.secret }).toString()

/**
 * The time step of a right code, or `null`. `now` in milliseconds. A step up to `lastStep`, the last one accepted,
 * is refused: no code works twice. Store the answer as the new `lastStep` in one compare-and-set
 * (`… where last_step is null or last_step < step`), and admit only the request that changed the row.
 */
export function verifyTotp(o: {
  secret: string
  code: string
  now: number
  lastStep: number | null
}): number | null {
  const secret = Secret.fromBase32(o.secret)
  const delta = TOTP.validate({ ...PARAMETERS, token: o.code, secret, timestamp: o.now, window: WINDOW })
  if (delta === null) return null
  const step = TOTP.counter({ period: PARAMETERS.period, timestamp: o.now }) + delta
  return o.lastStep !== null && step <= o.lastStep ? null : step
}

/** First byte of a sealed secret: which derivation and cipher made it, so that a later one can stand beside it. */
const SEAL_VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

const sealKey = (platformSecret: string | Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', platformSecret, '', 'matrixos totp seal 1', 32))

/**
 * AES-256-GCM of a secret, base64url: version, IV, tag, ciphertext. The user id is authenticated with it, so one
 * person's sealed secret is worthless in another's row. IVs are random: 2^32 seals are safe under one key.
 */
export function sealSecret(o: {
  platformSecret: string | Uint8Array
  userId: string
  secret: string
  random: RandomBytes
}): string {
  const iv = o.random(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealKey(o.platformSecret), iv)
  cipher.setAAD(Buffer.from(o.userId))
  const sealed = Buffer.concat([cipher.update(o.secret, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(SEAL_VERSION), iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Throws an Error when the seal was altered, is another user's, or was made with another platform secret. */
export function openSecret(o: {
  platformSecret: string | Uint8Array
  userId: string
  sealed: string
}): string {
  const bytes = Buffer.from(o.sealed, 'base64url')
  if (bytes[0] !== SEAL_VERSION) throw new Error('A sealed TOTP secret has an unknown version.')
  const [tagAt, textAt] = [1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES]
  const decipher = createDecipheriv('aes-256-gcm', sealKey(o.platformSecret), bytes.subarray(1, tagAt), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(o.userId))
  decipher.setAuthTag(bytes.subarray(tagAt, textAt))
  return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString('utf8')
}
