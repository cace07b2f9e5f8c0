import type { Role, UserId } from '@matrixos/shared'
import { TOTP } from 'otpauth'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { RequestInfo } from '../../http/request.ts'
import { createTotpProof, type TotpAnswer } from './proof.ts'
import { newTotpSecret, sealSecret } from './totp.ts'

const platformSecret = 'p'.repeat(43)
const now = Date.UTC(2030, 0, 1)
const clock = { ...systemClock, now: () => now }
const secret = newTotpSecret(systemClock.random)
const code = TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: now })
const ada: UserId = 'usr_ada'
const bob: UserId = 'usr_bob'
const request: RequestInfo = {
  headers: new Headers(),
  address: '192.0.2.1',
  userAgent: '',
  setCookie: () => undefined,
}

/** Ada has a password and an app; what each proof costs is written down in order. */
function setUp({ isResting = false } = {}) {
  const work: string[] = []
  const found = {
    user: {
      ...{ id: ada, handle: 'ada', displayName: 'Ada', webauthnId: new Uint8Array(64) },
      ...{ createdAt: new Date(now), role: 'member' as Role },
      ...{ suspendedAt: null, suspendedReason: null, lastSeenAt: null },
    },
    totp: {
      ...{ userId: ada, passwordHash: 'right', failures: 0, lockedUntil: null, lastStep: 0 },
      sealedSecret: sealSecret({ platformSecret, userId: ada, secret, random: systemClock.random }),
    },
  }
  const prove = createTotpProof({
    platformSecret,
    clock,
    store: {
      totp: async (handle) => {
        work.push('look up')
        return handle === 'ada' ? found : null
      },
      takeGuess: async (userId) => {
        work.push('take a guess')
        return userId === ada && !isResting
      },
      useStep: async () => true,
    },
    passwords: {
      verify: async (hash, password) => {
        work.push('hash')
        return hash === password
      },
      dummyVerify: async () => {
        work.push('hash')
        return false
      },
    },
    audit: {
      record: async () => {
        work.push('write down')
      },
    },
  })
  return { work, prove: (answer: TotpAnswer) => prove(request, answer) }
}

const right = { handle: 'ada', password: 'right', code }

it('accepts the right password with the right code', async () => {
  await expect(setUp().prove(right)).resolves.toBe(ada)
})

it.each([
  ['an unknown handle', { ...right, handle: 'nobody' }, {}],
  ['a wrong password', { ...right, password: 'wrong' }, {}],
  ['a wrong code', { ...right, code: '000000' }, {}],
  ['guesses that are used up', right, { isResting: true }],
])('refuses %s with the same words and the same work', async (_what, answer, state) => {
  const { work, prove } = setUp(state)
  await expect(prove(answer)).rejects.toMatchObject({
    code: 'credential_refused',
    message: 'Incorrect handle, password or code.',
  })
  expect(work).toEqual(['look up', 'hash', 'take a guess', 'write down'])
})

it('refuses somebody else’s session, however right the answer', async () => {
  const { work, prove } = setUp()
  await expect(prove({ ...right, by: bob })).rejects.toMatchObject({ code: 'credential_refused' })
  expect(work).toEqual(['look up', 'hash', 'take a guess', 'write down'])
})
