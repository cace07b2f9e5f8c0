/** Recovery codes: 120 random bits that people can write down, type and read to themselves. */
import { sha256 } from '../../keys.ts'

/** Crockford's base 32: no letter that looks like a number. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BYTES = 15
const GROUP = 4

/** Six groups of four, such as `7k3m-x0pq-…`. `random` returns that many bytes. */
export function newRecoveryCode(random: (bytes: number) => Uint8Array): string {
  let bits = 0n
  for (const byte of random(BYTES)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let at = 0; at < (BYTES * 8) / 5; at++) {
    if (at > 0 && at % GROUP === 0) text = `-${text}`
    text = ALPHABET[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return text
}

/** As it rests in the database, however it was typed: capitals, blanks, and letters read for numbers. */
export const recoveryCodeHash = (typed: string): string =>
  sha256(
    typed
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
      .replaceAll('o', '0')
      .replaceAll(/[il]/g, '1'),
  )
