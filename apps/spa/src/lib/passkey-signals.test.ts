import type { PasskeyList } from '@matrixos/shared'
import { expect, it, vi } from 'vitest'
import { signalAccount, signalNotKept, signalUnknown } from './passkey-signals.ts'

const at = '2026-01-01T00:00:00.000Z'
const passkey = (id: string) => ({
  ...{ id, name: id, createdAt: at, lastUsedAt: at },
  ...{ backupEligible: true, backedUp: true, transports: [] },
})
const list: PasskeyList = {
  rpId: 'app.localhost',
  userId: 'AAAA',
  handle: 'ada',
  displayName: 'Ada L.',
  passkeys: [passkey('one'), passkey('two')],
}

it('tells of all passkeys that count, and of the names', async () => {
  const signalAllAcceptedCredentials = vi.fn(async () => undefined)
  const signalCurrentUserDetails = vi.fn(async () => undefined)
  await signalAccount(list, { signalAllAcceptedCredentials, signalCurrentUserDetails })
  const account = { rpId: 'app.localhost', userId: 'AAAA' }
  expect(signalAllAcceptedCredentials).toHaveBeenCalledWith({
    ...account,
    allAcceptedCredentialIds: ['one', 'two'],
  })
  expect(signalCurrentUserDetails).toHaveBeenCalledWith({ ...account, name: 'ada', displayName: 'Ada L.' })
})

it('tells of one that nobody has', async () => {
  const signalUnknownCredential = vi.fn(async () => undefined)
  await signalUnknown('app.localhost', 'gone', { signalUnknownCredential })
  expect(signalUnknownCredential).toHaveBeenCalledWith({ rpId: 'app.localhost', credentialId: 'gone' })
})

const answer = (code: string) => ({ data: { error: { code, message: 'No.' } } })

it.each(['credential_refused', 'challenge_expired', 'conflict', 'not_found', 'step_up_required'])(
  'tells of a new one that the api did not keep: %s',
  async (code) => {
    const signalUnknownCredential = vi.fn(async () => undefined)
    await signalNotKept(answer(code), 'app.localhost', 'new', { signalUnknownCredential })
    expect(signalUnknownCredential).toHaveBeenCalledWith({ rpId: 'app.localhost', credentialId: 'new' })
  },
)

it.each([
  ['no answer', new TypeError('Failed to fetch')],
  ['an outage', answer('database_unavailable')],
  ['a fault', answer('internal')],
  ['a session that could not be opened afterwards', answer('account_suspended')],
  ['an id that an account has', answer('credential_taken')],
])('lets the browser keep a new one that the api may have kept: %s', async (_, error) => {
  const signalUnknownCredential = vi.fn(async () => undefined)
  await signalNotKept(error, 'app.localhost', 'new', { signalUnknownCredential })
  expect(signalUnknownCredential).not.toHaveBeenCalled()
})

it('leaves browsers alone that know nothing of it, and outlives those that fail', async () => {
  const fails = vi.fn(async () => {
    throw new DOMException('No.', 'SecurityError')
  })
  const broken = {
    signalUnknownCredential: fails,
    signalAllAcceptedCredentials: fails,
    signalCurrentUserDetails: fails,
  }
  for (const signals of [{}, broken]) {
    await expect(signalAccount(list, signals)).resolves.toBeUndefined()
    await expect(signalUnknown('app.localhost', 'gone', signals)).resolves.toBeUndefined()
  }
  expect(fails).toHaveBeenCalledTimes(3)
})
