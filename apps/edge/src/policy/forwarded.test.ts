import { expect, it } from 'vitest'
import { canonicalAddress, clientBehind, createTrust, isForwardedFor, parseRanges } from './forwarded.ts'

it('takes addresses and ranges of both families', () => {
  expect(parseRanges('')).toEqual([])
  expect(parseRanges('10.0.0.5, fd00::/8 192.0.2.0/24')).toEqual(['10.0.0.5', 'fd00::/8', '192.0.2.0/24'])
})

it.each([
  '10.0.0.0/33',
  'fd00::/129',
  '0.0.0.0/0',
  '::/0',
  '10.0.0',
  'proxy.example',
  '10.0.0.5/',
  '10.0.0.5;::1',
])('refuses %s as a range', (text) => expect(parseRanges(`10.0.0.5,${text}`)).toBeNull())

it.each([
  ['10.0.0.5', true],
  ['10.0.0.6', false],
  ['192.0.2.200', true],
  ['fd00:1::7', true],
  ['fe80::7', false],
])('says of %s that it is trusted: %s', (address, trusted) =>
  expect(createTrust(['10.0.0.5', 'fd00::/8', '192.0.2.0/24'])(address)).toBe(trusted),
)

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:80', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['2001:DB8:0:0::7', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['192.0.2.256', null],
  ['010.0.0.1', null],
  ['unknown', null],
  ['', null],
])('makes %s %s', (text, address) => expect(canonicalAddress(text)).toBe(address))

it('reads the client of an IPv6 proxy from the right', () => {
  const isTrusted = createTrust(['fd00::/8'])
  const forwardedFor = '6.6.6.6, 2001:db8::7, fd00::2'
  expect(clientBehind({ address: 'fd00::1', forwardedFor }, isTrusted)).toBe('2001:db8::7')
  expect(clientBehind({ address: 'fd00::1', forwardedFor: 'fd00::2' }, isTrusted)).toBe('fd00::1')
})

it.each([
  ['', true],
  ['192.0.2.7', true],
  ['x, 192.0.2.7:1', true],
  ['x,2001:db8::7', true],
  ['::ffff:192.0.2.7 ', true],
  ['192.0.2.7, x', false],
  ['192.0.2.7,', false],
  ['x192.0.2.7', false],
  ['[2001:db8::7]:80', false],
  ['unix:', false],
])('says of X-Forwarded-For: %s that it ends with an address: %s', (value, ends) =>
  expect(isForwardedFor(value)).toBe(ends),
)
