/** Identifiers: a type prefix and 26 characters of Crockford base 32 (48 bits of time, 80 of chance), as ULIDs are. */
import { z } from 'zod'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export const ID_PREFIXES = [
  'usr',
  'ins',
  'ses',
  'chl',
  'psk',
  'tkt',
  'tok',
  'dvc',
  'aic',
  'whk',
  'evt',
  'itm',
  'cmt',
] as const
export type IdPrefix = (typeof ID_PREFIXES)[number]
export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`

export type UserId = Id<'usr'>
export type InstanceId = Id<'ins'>
export type SessionId = Id<'ses'>

/** Chance and time come in, so that tests can fix both. `random` returns that many bytes. */
export interface IdSource {
  now: () => number
  random: (bytes: number) => Uint8Array
}

export function newId<P extends IdPrefix>(prefix: P, source: IdSource): Id<P> {
  let bits = BigInt(source.now())
  for (const byte of source.random(10)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return `${prefix}_${text}`
}

export const idSchema = <P extends IdPrefix>(prefix: P) => {
  const pattern = `^${prefix}_[${ALPHABET}]{26}$`
  const isId = new RegExp(pattern)
  return (
    z
      .custom<Id<P>>(
        (value) => typeof value === 'string' && isId.test(value),
        `Expected an id that begins with ${prefix}_.`,
      )
      // For those who describe it: of a custom schema nothing is known.
      .meta({ type: 'string', pattern })
  )
}
