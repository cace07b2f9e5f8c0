/** Passwords: which are accepted, how they are hashed, and how a check takes the same time when there is none. */
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '@matrixos/shared'
import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'

/**
 * OWASP's first choice for argon2id (the library's default variant): 19 MiB, two passes, one lane. The library
 * hashes on libuv's pool: `password-queue.ts` keeps most of that free.
 */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
const SALT_BYTES = 16

/** For a log-in: only what bounds the work. The rules for new passwords are `passwordProblem`'s. */
export const passwordInputSchema = z.string().min(1).max(PASSWORD_MAX_CHARS)

/** For a new password. Follow it with `passwordProblem`, which knows the handle. */
export const newPasswordSchema = z
  .string()
  .min(PASSWORD_MIN_CHARS, `Use at least ${PASSWORD_MIN_CHARS} characters.`)
  .max(PASSWORD_MAX_CHARS, `Use at most ${PASSWORD_MAX_CHARS} characters.`)

/** The long ones that lists of leaked passwords begin with. */
const COMMON = new Set(
  (
    '123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678910 0123456789012 ' +
    'password1234 password12345 password123456 passwordpassword passw0rd1234 qwertyuiop12 qwertyuiop123 ' +
    'qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiop[] 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u ' +
    'q1w2e3r4t5y6 zxcvbnm123456 asdfghjkl123 abcdefghijkl abcdefghijklm abc123456789 abcd12345678 iloveyou1234 ' +
    'administrator administrator1 letmein123456 welcome123456 changeme1234 trustno1trustno1 correcthorsebatterystaple'
  ).split(' '),
)

/** Equal characters may be written in several ways (é, e + ´): one form is hashed, whatever keyboard wrote it. */
const normalize = (password: string): string => password.normalize('NFKC')

/** What is wrong with a new password, as a sentence, or `null`. `handle` normalized. */
export function passwordProblem(password: string, handle: string): string | null {
  const text = normalize(password).toLowerCase()
  if (text.replaceAll(handle, '').length === 0)
    return 'Your handle cannot be your password: everyone can see it.'
  if (new Set(text).size < 4) return 'This password uses too few different characters.'
  return COMMON.has(text) ? 'This password is too common. Choose another.' : null
}

/** `random` returns that many bytes. The answer is a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$…`. */
export const hashPassword = (password: string, random: (bytes: number) => Uint8Array): Promise<string> =>
  hash(normalize(password), { ...ARGON2, salt: random(SALT_BYTES) })

/** Throws an Error if `hashed` is no PHC string. */
export const verifyPassword = (hashed: string, password: string): Promise<boolean> =>
  verify(hashed, normalize(password))

/** Hash of 32 random bytes that nobody kept, with the parameters above. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$7+EF9Os3pM157UR/oWgYKA$CRjHed4fdVN8Aj2Ioe89xljOYrbHNv/t24aVSCc5mpo'

/** For a handle without a password: as long as a real check, and always false. */
export async function dummyVerify(password: string): Promise<false> {
  await verifyPassword(NOBODYS_HASH, password)
  return false
}
