/**
 * The form of API tokens: `mos_`, 256 random bits as 43 characters of base64url, and 6 more that are the CRC-32 of those
 * 43. The prefix and the checksum let scanners of source code find leaked tokens without a question to anybody, and let
 * a token that was cut off be told from one that was revoked.
 */
import { crc32 } from 'node:zlib'

const PREFIX = 'mos_'
const SECRET_BYTES = 32
const PATTERN = /^mos_([\w-]{43})([\w-]{6})$/
/** The prefix and four characters: 24 of its 256 bits. */
const HINT_LENGTH = 8

function checksumOf(secret: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(secret))
  return bytes.toString('base64url')
}

export function newToken(random: (bytes: number) => Uint8Array): string {
  const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url')
  return `${PREFIX}${secret}${checksumOf(secret)}`
}

/** Whether it was ever made here, as far as its form says. */
export function isToken(text: string): boolean {
  const [, secret, checksum] = PATTERN.exec(text) ?? []
  return secret !== undefined && checksum === checksumOf(secret)
}

export const hintOf = (token: string): string => token.slice(0, HINT_LENGTH)
