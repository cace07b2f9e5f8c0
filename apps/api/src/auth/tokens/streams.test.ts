import { newId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TokenPrincipal } from '../../access/principal.ts'
import { systemClock } from '../../clock.ts'
import type { TokenWithOwner } from './store.ts'
import { createTokenStreams } from './streams.ts'

/** What is promised. */
const PROMISED_MS = 5_000

const principal: TokenPrincipal = {
  ...{ how: 'token', tokenId: newId('tok', systemClock), userId: newId('usr', systemClock) },
  ...{ handle: 'ada', role: 'member', scopes: ['tenant:read'], provedAt: null },
}
const never = new AbortController().signal
const row: TokenWithOwner = {
  token: {
    ...{ id: principal.tokenId, userId: principal.userId, name: '', hash: '', hint: '' },
    ...{ scopes: ['tenant:read'], createdAt: new Date(), expiresAt: new Date(1_000), lastUsedAt: null },
  },
  ...{ handle: 'ada', role: 'member', suspendedAt: null, suspendedReason: null },
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

function open(byId: () => Promise<TokenWithOwner | null>, now = 0) {
  const stream = createTokenStreams({ store: { byId }, now: () => now, mostStreams: 2 })
  return { stream, signal: stream(principal, 'tenant:read', never) }
}

it.each<[string, TokenWithOwner | null, number]>([
  ['revoked', null, 0],
  ['over', row, 1_000],
  ['its owner’s, who is suspended', { ...row, suspendedAt: new Date(0) }, 0],
  ['without the scope', { ...row, token: { ...row.token, scopes: ['feed:read'] } }, 0],
])('ends a stream within the promised time once the token is %s', async (_what, found, now) => {
  const { signal } = open(async () => found, now)
  expect(signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(PROMISED_MS)
  expect(signal.aborted).toBe(true)
})

it('keeps one whose token still counts, and while the database is away', async () => {
  const { signal } = open(async () => row)
  const away = open(() => Promise.reject(new Error('away')))
  await vi.advanceTimersByTimeAsync(60_000)
  expect([signal.aborted, away.signal.aborted]).toEqual([false, false])
})

it('limits how many one token holds, and makes room when a client leaves', () => {
  const { stream } = open(async () => row)
  const client = new AbortController()
  const signal = stream(principal, 'tenant:read', client.signal)
  expect(() => stream(principal, 'tenant:read', never)).toThrow('too many streams')
  client.abort()
  expect(signal.aborted).toBe(true)
  expect(stream(principal, 'tenant:read', never).aborted).toBe(false)
})
