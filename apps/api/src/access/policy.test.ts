import { newId } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { accessTo, authorize, mayDo } from './policy.ts'
import type { Principal, SessionPrincipal } from './principal.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const MINUTE_MS = 60_000
const userId = newId('usr', systemClock)
const target = { id: newId('ins', systemClock), userId }

const session = (change: Partial<SessionPrincipal> = {}): SessionPrincipal => ({
  how: 'session',
  userId,
  handle: 'ada',
  role: 'member',
  sessionId: newId('ses', systemClock),
  scopes: ['tenant:read', 'tenant:control'],
  provedAt: new Date(NOW - MINUTE_MS),
  ...change,
})
const stranger = session({ userId: newId('usr', systemClock) })

describe('opening', () => {
  const nobody = { of: () => undefined }

  it('lets the owner in and nobody else', () => {
    expect(accessTo(session(), target, nobody)).toEqual({ role: 'owner' })
    expect(accessTo(stranger, target, nobody)).toBeNull()
    expect(accessTo({ how: 'instance', instanceId: target.id }, target, nobody)).toBeNull()
    expect(accessTo({ how: 'service' }, target, nobody)).toBeNull()
  })

  it('lets in whom the owner invited, as a viewer, and never makes a viewer of the owner', () => {
    const shares = { of: () => ({ canUseNotes: true }) }
    expect(accessTo(stranger, target, shares)).toEqual({ role: 'viewer', canUseNotes: true })
    expect(accessTo(session(), target, shares)).toEqual({ role: 'owner' })
    expect(accessTo({ how: 'service' }, target, shares)).toBeNull()
    expect(mayDo(stranger, 'instance:wake', target, NOW)).toBe('not_theirs')
  })
})

describe('actions', () => {
  it.each<[string, Principal, string]>([
    ['the owner', session(), 'allowed'],
    ['a stranger', stranger, 'not_theirs'],
    ['a part of the platform', { how: 'service' }, 'not_theirs'],
    ['the instance itself', { how: 'instance', instanceId: target.id }, 'not_theirs'],
  ])('of %s: %3$s', (_who, principal, verdict) => {
    expect(mayDo(principal, 'instance:wake', target, NOW)).toBe(verdict)
  })

  it('need the scope that the action names', () => {
    const tokenId = newId('tok', systemClock)
    const person = { userId, handle: 'ada', role: 'member' as const, provedAt: null }
    const reader: Principal = { how: 'token', tokenId, ...person, scopes: ['tenant:read'] }
    expect(mayDo(reader, 'instance:read', target, NOW)).toBe('allowed')
    expect(mayDo(reader, 'instance:sleep', target, NOW)).toBe('scope_missing')
    expect(() => authorize(reader, 'instance:sleep', target, NOW)).toThrow('tenant:control')
  })

  it.each([
    ['5 minutes ago', 5 * MINUTE_MS, 'allowed'],
    ['longer ago', 5 * MINUTE_MS + 1, 'proof_too_old'],
    ['before the clock was set back', -5 * MINUTE_MS - 1, 'proof_too_old'],
  ])('that are sensitive want a proof that is recent: %s', (_when, agoMs, verdict) => {
    const principal = session({ provedAt: new Date(NOW - agoMs) })
    expect(mayDo(principal, 'instance:delete', target, NOW)).toBe(verdict)
    expect(mayDo(principal, 'instance:wake', target, NOW)).toBe('allowed')
  })

  it('answer a stranger as if there were no instance', () => {
    expect(() => authorize(stranger, 'instance:wake', target, NOW)).toThrow('You have no computer here.')
  })
})
