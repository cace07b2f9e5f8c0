import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { checkUrl, DestinationRefused, isPublicAddress, publicLookup } from './destination.ts'

const PUBLIC = ['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946']
const OTHERS = [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '192.168.1.1'],
  ...['192.0.2.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', 'fc00::1', 'fe80::1', 'ff02::1'],
  ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', 'localhost', ''],
  // Of the old form of IPv4 in IPv6, of two that translate, and what nobody was given.
  ...['::127.0.0.1', '::a00:1', '64:ff9b:1::a00:1', '::ffff:0:a00:1', '4000::1', 'fec0::1'],
]

describe('an address', () => {
  it.each(PUBLIC)('is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each(OTHERS)('is not public: %j', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('the address of a webhook', () => {
  it.each([
    ...['http://example.org/', 'https://127.0.0.1/', 'https://[::1]:8443/', 'https://[::ffff:10.0.0.1]/'],
    // As browsers read them: 127.0.0.1, thrice.
    ...['https://2130706433/', 'https://0x7f.1/', 'https://127.1/'],
  ])('is refused: %s', (url) => {
    expect(() => checkUrl(url)).toThrow(DestinationRefused)
  })

  it('may be a name, and a public address', () => {
    for (const url of ['https://example.org/hook', 'https://8.8.8.8/', 'https://[2606:2800:220:1::1]/'])
      expect(() => checkUrl(url)).not.toThrow()
  })
})

/** What a connection would be made to. */
const asked = (found: LookupAddress[], all: boolean) =>
  new Promise((resolve, reject) => {
    publicLookup((_name, _options, done) => done(null, found))(
      'rebound.example',
      { all },
      (error, address) => (error ? reject(error) : resolve(address)),
    )
  })

describe('a name', () => {
  const inside = { address: '10.0.0.1', family: 4 }
  const outside = { address: '8.8.8.8', family: 4 }

  it('leads to its public addresses alone', async () => {
    expect(await asked([inside, outside], false)).toBe('8.8.8.8')
    expect(await asked([inside, outside], true)).toEqual([outside])
  })

  it('is refused where it has none', async () => {
    await expect(asked([inside], true)).rejects.toThrow(DestinationRefused)
    await expect(asked([], false)).rejects.toThrow(DestinationRefused)
  })
})
