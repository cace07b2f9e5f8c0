import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { newRecoveryCode, recoveryCodeHash } from './code.ts'

it('have 120 bits, in six groups of four', () => {
  const sizes: number[] = []
  const code = newRecoveryCode((bytes) => {
    sizes.push(bytes)
    return new Uint8Array(bytes).fill(0xff)
  })
  expect(sizes).toEqual([15])
  expect(code).toBe(Array(6).fill('zzzz').join('-'))
  expect(newRecoveryCode((bytes) => new Uint8Array(bytes))).toBe(Array(6).fill('0000').join('-'))
})

it('use every bit', () => {
  const codes = Array.from({ length: 120 }, (_, bit) =>
    newRecoveryCode((bytes) => {
      const one = new Uint8Array(bytes)
      one[bit >> 3] = 1 << (bit & 7)
      return one
    }),
  )
  expect(new Set(codes).size).toBe(120)
})

it('are the same however they are typed', () => {
  const code = newRecoveryCode(
    () => new Uint8Array(Buffer.from('0123456789abcdef0011223344556677', 'hex').subarray(0, 15)),
  )
  const typed = [
    code.toUpperCase(),
    ` ${code.replaceAll('-', ' ')} `,
    code.replaceAll('-', ''),
    code.replaceAll('0', 'O').replaceAll('1', 'l'),
    code.replaceAll('1', 'I'),
  ]
  for (const text of typed) expect(recoveryCodeHash(text)).toBe(recoveryCodeHash(code))
  expect(recoveryCodeHash(code.replace(/.$/, '2'))).not.toBe(recoveryCodeHash(code))
  expect(recoveryCodeHash(newRecoveryCode(randomBytes))).not.toBe(
    recoveryCodeHash(newRecoveryCode(randomBytes)),
  )
})
