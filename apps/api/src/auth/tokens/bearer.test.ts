import { newId, type Scope } from '@matrixos/shared'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import { sha256 } from '../../keys.ts'
import { memoryLimit } from '../../limits/attempt-limit.ts'
import { createLog } from '../../log.ts'
import { createBearer } from './bearer.ts'
import { newToken } from './format.ts'
import type { TokenWithOwner } from './store.ts'

const token = newToken(systemClock.random)
const found = (change: Partial<TokenWithOwner> & { scopes?: Scope[] } = {}): TokenWithOwner => ({
  token: {
    id: newId('tok', systemClock),
    userId: newId('usr', systemClock),
    ...{ name: 'test', hash: sha256(token), hint: '', scopes: change.scopes ?? ['tenant:read'] },
    ...{ createdAt: new Date(), expiresAt: null, lastUsedAt: new Date() },
  },
  ...{ handle: 'ada', role: 'member', suspendedAt: null, suspendedReason: null, ...change },
})

function setUp(row: TokenWithOwner | null) {
  const byHash = vi.fn(async (hash: string) => (hash === sha256(token) ? row : null))
  const principalOf = createBearer({
    store: { byHash, touch: async () => undefined },
    wrongTokens: memoryLimit({ name: 'wrong', attempts: 2, seconds: 60, message: 'Too many.' }),
    clock: systemClock,
    log: createLog({ level: 'silent', part: 'test' }),
  })
  const ask = (authorization?: string) =>
    principalOf({ headers: new Headers(authorization ? { authorization } : {}), address: '192.0.2.1' })
  return { ask, byHash }
}

it('takes nobody for a request without a token', async () => {
  expect(await setUp(found()).ask()).toBeNull()
})

it.each(['Bearer', 'bearer', 'BEARER  '])('reads the scheme in any case: %s', async (scheme) => {
  expect(await setUp(found()).ask(`${scheme} ${token}`)).toMatchObject({ how: 'token', handle: 'ada' })
})

it('gives what the token was given, of what its owner’s role allows today', async () => {
  const scopes: Scope[] = ['admin:write', 'tenant:read']
  const scopesOf = async (row: TokenWithOwner) => {
    const principal = await setUp(row).ask(`Bearer ${token}`)
    return principal?.scopes
  }
  expect(await scopesOf(found({ scopes, role: 'admin' }))).toEqual(scopes)
  expect(await scopesOf(found({ scopes, role: 'member' }))).toEqual(['tenant:read'])
})

it('never passes for a person who proved who they are', async () => {
  expect(await setUp(found()).ask(`Bearer ${token}`)).toMatchObject({ provedAt: null })
})

it('asks the database about no text that is no token, and each time about one that is', async () => {
  const { ask, byHash } = setUp(found())
  await expect(ask('Bearer mos_nonsense')).rejects.toMatchObject({ code: 'unauthorized' })
  expect(byHash).not.toHaveBeenCalled()
  await ask(`Bearer ${token}`)
  await ask(`Bearer ${token}`)
  expect(byHash).toHaveBeenCalledTimes(2)
})

it('asks no more about wrong tokens of a network that sent too many', async () => {
  const { ask, byHash } = setUp(null)
  for (let i = 0; i < 2; i++)
    await expect(ask(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthorized' })
  await expect(ask(`Bearer ${token}`)).rejects.toMatchObject({ code: 'too_many_requests' })
  expect(byHash).toHaveBeenCalledTimes(2)
})
