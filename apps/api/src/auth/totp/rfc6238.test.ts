/**
 * The test vectors of RFC 6238, appendix B. The platform's codes have 6 digits and use SHA-1, the only parameters that
 * every authenticator app knows: the SHA-1 vectors pass by their last 6 digits (RFC 4226, 5.3: a shorter code is the
 * longer one modulo 10^6), codes of 8 digits are no codes, and those of the other hashes are refused.
 */
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { totpCodeSchema, verifyTotp } from './totp.ts'

const DIGITS = '12345678901234567890'
/** The keys of the reference implementation: as long as the hash. */
const KEYS = { SHA1: DIGITS, SHA256: DIGITS.repeat(2).slice(0, 32), SHA512: DIGITS.repeat(4).slice(0, 64) }
const HASHES = ['SHA1', 'SHA256', 'SHA512'] as const

/** Seconds since 1970, and the code of each hash. */
const VECTORS = [
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
] as const

const rows = VECTORS.flatMap(([seconds, ...codes]) =>
  HASHES.map((algorithm, at) => ({ seconds, algorithm, code: codes[at] ?? '' })),
)
const secretOf = (key: string) => Secret.fromUTF8(key)
const judge = (key: string, code: string, seconds: number) =>
  verifyTotp({ secret: secretOf(key).base32, code, now: seconds * 1000, lastStep: null })

describe.each(rows)('$seconds s, $algorithm', ({ seconds, algorithm, code }) => {
  const isOurs = algorithm === 'SHA1'

  it('is the code of 8 digits that the document gives', () => {
    const secret = secretOf(KEYS[algorithm])
    expect(TOTP.generate({ secret, algorithm, digits: 8, timestamp: seconds * 1000 })).toBe(code)
    expect(totpCodeSchema.safeParse(code).success).toBe(false)
    expect(judge(KEYS[algorithm], code, seconds)).toBeNull()
  })

  it(isOurs ? 'passes with its last 6 digits' : 'is refused with its last 6 digits', () => {
    const verdict = judge(KEYS[algorithm], code.slice(-6), seconds)
    expect(verdict).toBe(isOurs ? Math.floor(seconds / 30) : null)
  })
})
