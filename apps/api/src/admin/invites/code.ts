/** Invite codes: 80 bits in Crockford's base 32, which has no letters that look like others, in groups of four. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16

/** `random` returns that many bytes. */
export function newInviteCode(random: (bytes: number) => Uint8Array): string {
  const letters = Array.from(random(LENGTH), (byte) => ALPHABET[byte & 31]).join('')
  return grouped(letters)
}

/** As it is stored, from whatever somebody typed: case, blanks, hyphens and letters that look like digits. */
export const normalizeInviteCode = (text: string): string =>
  grouped(text.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1'))

const grouped = (letters: string): string => letters.match(/.{1,4}/gu)?.join('-') ?? ''
