/**
 * Refresh tokens, as pure functions: `sid.n.mac`, where n counts the rotations of one session and mac is
 * HMAC-SHA256 over both. The session's row holds n and when it last rose, and no token nor any hash of one.
 *
 * Why the successor needs no storage: a token is a function of key, session and n, so the successor of n is
 * `issue(key, sid, n + 1)` whoever asks and however often. Two tabs that refresh at once, or one whose answer was
 * lost, get the *same* successor; with random tokens the server would have to keep it in the clear to hand it out
 * again. Whoever steals the database gets counters; without the key nobody makes a token.
 *
 * Rotate with one compare-and-set, `update … set n = n + 1, rotated_at = now where id = sid and n = token.n`. A
 * request that changed no row reads it again and judges again: another one won, so the answer is `same-successor`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { idSchema, type SessionId } from '@matrixos/shared'

/** Milliseconds after a rotation in which the predecessor still gets the same successor. */
export const GRACE_MS = 10_000

/** Bytes, or a string of high entropy. */
type Key = string | Uint8Array

const PATTERN = /^(ses_[a-z0-9]{26})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/
const sessionIdSchema = idSchema('ses')

const macOf = (key: Key, sid: string, n: number): Buffer =>
  createHmac('sha256', key).update(`rt:${sid}:${n}`).digest()

/** The token number `n` of a session; the first is 0. */
export const issue = (key: Key, sid: SessionId, n: number): string =>
  `${sid}.${n}.${macOf(key, sid, n).toString('base64url')}`

/** What a token says, or `null` if this key did not make it. Says nothing of whether it is still good: `judge` does. */
export function parse(key: Key, token: string): { sid: SessionId; n: number } | null {
  const [, sidText, count, mac = ''] = PATTERN.exec(token) ?? []
  const sid = sessionIdSchema.safeParse(sidText)
  if (!sid.success) return null
  const n = Number(count)
  return timingSafeEqual(macOf(key, sid.data, n), Buffer.from(mac, 'base64url')) ? { sid: sid.data, n } : null
}

/**
 * - `rotate`: this is the current token; raise n and hand out the next.
 * - `same-successor`: its rotation is at most ten seconds old; hand out `issue(key, sid, current)` again.
 * - `reuse`: it was replaced longer ago, or was never issued; revoke the session and write it to the audit log.
 */
export type Verdict = 'rotate' | 'same-successor' | 'reuse'

/** `n` from the token, `current` and `rotatedAt` from the session's row. Times in milliseconds. */
export function judge(o: { n: number; current: number; rotatedAt: number; now: number }): Verdict {
  if (o.n === o.current) return 'rotate'
  return o.n === o.current - 1 && o.now - o.rotatedAt <= GRACE_MS ? 'same-successor' : 'reuse'
}
