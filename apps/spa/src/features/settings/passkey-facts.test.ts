import { expect, it } from 'vitest'
import { homeOf, usesOf } from './passkey-facts.ts'

const at = '2026-01-01T00:00:00.000Z'
const passkey = {
  ...{ id: 'one', name: 'One', createdAt: at, lastUsedAt: at },
  ...{ backupEligible: false, backedUp: false, transports: ['internal'] },
}

it('says where a passkey lives', () => {
  expect(homeOf(passkey)).toBe('On one device only')
  expect(homeOf({ ...passkey, transports: ['usb', 'nfc'] })).toBe('Security key')
  expect(homeOf({ ...passkey, backupEligible: true })).toBe('Not synced yet')
  expect(homeOf({ ...passkey, backupEligible: true, backedUp: true })).toBe('Synced between your devices')
})

it('says when it was used', () => {
  const now = Date.parse('2026-01-03T00:00:00.000Z')
  expect(usesOf(passkey, now)).toBe('Added 2 days ago · not used since')
  const used = { ...passkey, lastUsedAt: '2026-01-02T23:59:30.000Z' }
  expect(usesOf(used, now)).toBe('Added 2 days ago · last used just now')
})
