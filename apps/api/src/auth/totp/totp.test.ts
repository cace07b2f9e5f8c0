import { TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { newTotpSecret, openSecret, otpauthUrl, sealSecret, totpCodeSchema, verifyTotp } from './totp.ts'

const fill = (value: number) => (bytes: number) => new Uint8Array(bytes).fill(value)
/** RFC 6238's test key, "12345678901234567890". */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('verifyTotp', () => {
  it('agrees with the test vectors of RFC 6238', () => {
    expect(verifyTotp({ secret, code: '287082', now: 59_000, lastStep: null })).toBe(1)
    expect(verifyTotp({ secret, code: '081804', now: 1_111_111_109_000, lastStep: null })).toBe(37_037_036)
    expect(verifyTotp({ secret, code: '005924', now: 1_234_567_890_000, lastStep: null })).toBe(41_152_263)
  })

  it('accepts one step before and after, no more', () => {
    const at = (step: number) =>
      TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: step * 30_000 })
    const check = (step: number) =>
      verifyTotp({ secret, code: at(step), now: 1000 * 30_000 + 5, lastStep: null })
    expect([998, 999, 1000, 1001, 1002].map(check)).toEqual([null, 999, 1000, 1001, null])
  })

  it('accepts no step twice, and none before the last', () => {
    expect(verifyTotp({ secret, code: '287082', now: 59_000, lastStep: 0 })).toBe(1)
    expect(verifyTotp({ secret, code: '287082', now: 59_000, lastStep: 1 })).toBeNull()
    expect(verifyTotp({ secret, code: '287082', now: 59_000, lastStep: 2 })).toBeNull()
  })

  it('refuses a wrong code', () => {
    expect(verifyTotp({ secret, code: '000000', now: 59_000, lastStep: null })).toBeNull()
    expect(verifyTotp({ secret, code: '', now: 59_000, lastStep: null })).toBeNull()
  })
})

describe('secrets', () => {
  it('have 160 bits, in base 32', () => {
    expect(newTotpSecret(fill(0xff))).toBe('7'.repeat(32))
    // A pooled Buffer is a window into a larger one: only the window counts.
    expect(
      newTotpSecret((bytes) =>
        Buffer.alloc(100, 1)
          .fill(0xff, 8, 8 + bytes)
          .subarray(8, 8 + bytes),
      ),
    ).toBe('7'.repeat(32))
  })

  it('go to the app as an otpauth URL', () => {
    const url = new URL(otpauthUrl({ secret, handle: 'alice', issuer: 'Matrix OS' }))
    expect(url.protocol).toBe('otpauth:')
    expect(decodeURIComponent(url.pathname)).toContain('Matrix OS:alice')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      issuer: 'Matrix OS',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })

  it('open again for their user only', () => {
    const sealed = sealSecret({ platformSecret: 'p1', userId: 'usr_a', secret, random: fill(3) })
    expect(Buffer.from(sealed, 'base64url')[0]).toBe(1)
    expect(openSecret({ platformSecret: 'p1', userId: 'usr_a', sealed })).toBe(secret)
    expect(() => openSecret({ platformSecret: 'p1', userId: 'usr_b', sealed })).toThrow()
    expect(() => openSecret({ platformSecret: 'p2', userId: 'usr_a', sealed })).toThrow()
  })

  it('do not open when any byte was changed or the end is missing', () => {
    const sealed = Buffer.from(
      sealSecret({ platformSecret: 'p1', userId: 'usr_a', secret, random: fill(3) }),
      'base64url',
    )
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed)
      altered[at] = (altered[at] ?? 0) ^ 1
      const open = () =>
        openSecret({ platformSecret: 'p1', userId: 'usr_a', sealed: altered.toString('base64url') })
      expect(open).toThrow()
    }
    for (const length of [0, 1, 20, 30]) {
      const short = sealed.subarray(0, length).toString('base64url')
      expect(() => openSecret({ platformSecret: 'p1', userId: 'usr_a', sealed: short })).toThrow()
    }
  })
})

describe('totpCodeSchema', () => {
  it('takes codes as people type them', () => {
    expect(totpCodeSchema.parse(' 123 456 ')).toBe('123456')
    for (const bad of ['12345', '1234567', 'abcdef', '١٢٣٤٥٦']) {
      expect(totpCodeSchema.safeParse(bad).success).toBe(false)
    }
  })
})
