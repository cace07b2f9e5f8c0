import { expect, test } from 'vitest'
import { isPublicAddress, isPublicHost } from './public-address.ts'

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  '2002:a00:1::',
  '2001:db8::1',
  'no-address',
  '',
])('refuses %o', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '172.32.0.1', '2a00:1450:4001:82f::200e', '2606:4700::1111'])('takes %o', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test('knows a host that is an address, in the notation of URLs', () => {
  for (const url of ['https://[::1]/', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/']) {
    expect(isPublicHost(new URL(url).hostname), url).toBe(false)
  }
  expect(isPublicHost('updates.push.services.mozilla.com')).toBe(true)
})
