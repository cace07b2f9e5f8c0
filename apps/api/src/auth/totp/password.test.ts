import { parseOptions } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import {
  ARGON2,
  dummyVerify,
  hashPassword,
  NOBODYS_HASH,
  newPasswordSchema,
  passwordInputSchema,
  passwordProblem,
  verifyPassword,
} from './password.ts'

const random = (bytes: number) => new Uint8Array(bytes).fill(9)

describe('hashing', () => {
  it('makes a PHC string with the chosen parameters, which verifies that password alone', async () => {
    const hashed = await hashPassword('a quiet green river', random)
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(hashed, 'a quiet green river')).toBe(true)
    expect(await verifyPassword(hashed, 'a quiet green rivers')).toBe(false)
  })

  it('is the same for the same characters in another spelling', async () => {
    const hashed = await hashPassword('caf\u00e9 au lait, twice', random)
    expect(await verifyPassword(hashed, 'cafe\u0301 au lait, twice')).toBe(true)
  })

  it('does the same work where there is no password', async () => {
    expect(parseOptions(NOBODYS_HASH)).toEqual(
      parseOptions(await hashPassword('a quiet green river', random)),
    )
    expect(parseOptions(NOBODYS_HASH)).toMatchObject(ARGON2)
    expect(await dummyVerify('a quiet green river')).toBe(false)
  })
})

describe('new passwords', () => {
  it('have 12 to 200 characters', () => {
    expect(newPasswordSchema.safeParse('x'.repeat(11)).success).toBe(false)
    expect(newPasswordSchema.safeParse('x'.repeat(12)).success).toBe(true)
    expect(newPasswordSchema.safeParse('x'.repeat(200)).success).toBe(true)
    expect(newPasswordSchema.safeParse('x'.repeat(201)).success).toBe(false)
    expect(passwordInputSchema.safeParse('x'.repeat(201)).success).toBe(false)
  })

  it.each([
    ['the handle', 'alice-in-wonder'],
    ['the handle in capitals', 'ALICE-IN-WONDER'],
    ['the handle twice', 'alice-in-wonderalice-in-wonder'],
    ['three different characters', 'abcabcabcabcabc'],
    ['a common one', 'Password1234'],
  ])('are not %s', (_, password) => {
    expect(passwordProblem(password, 'alice-in-wonder')).toBeTypeOf('string')
  })

  it('may hold the handle', () => {
    expect(passwordProblem('alice-in-wonder likes tea', 'alice-in-wonder')).toBeNull()
  })
})
