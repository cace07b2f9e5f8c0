import { expect, it } from 'vitest'
import { bridgesOf, placeOf, slotsOf } from './bridges.ts'

const spread = (subnet: string, bridgeBits = 22) => bridgesOf({ networkName: 'net', subnet, bridgeBits })
const addressOf = (subnet: string, slot: number) => {
  const { bridge, address } = placeOf(spread(subnet), slot)
  return [bridge.networkName, address]
}

it('leaves a subnet that one bridge can serve in one piece', () => {
  for (const subnet of ['10.201.0.0/22', '10.210.7.0/24']) {
    expect(spread(subnet)).toEqual([{ networkName: 'net', subnet }])
  }
})

it('gives slots beyond a bridge to the next one, and leaves the first ones where they always were', () => {
  expect(spread('10.201.0.0/20').map(({ networkName, subnet }) => `${networkName} ${subnet}`)).toEqual([
    'net 10.201.0.0/22',
    'net-2 10.201.4.0/22',
    'net-3 10.201.8.0/22',
    'net-4 10.201.12.0/22',
  ])
  expect(addressOf('10.201.0.0/20', 0)).toEqual(['net', '10.201.0.10'])
  expect(addressOf('10.201.0.0/20', 300)).toEqual(['net', '10.201.1.54'])
  expect(addressOf('10.201.0.0/20', 1012)).toEqual(['net', '10.201.3.254'])
  expect(addressOf('10.201.0.0/20', 1013)).toEqual(['net-2', '10.201.4.10'])
  expect(addressOf('10.201.0.0/20', 4051)).toEqual(['net-4', '10.201.15.254'])
})

it('gives no address twice, and none that a bridge needs itself', () => {
  const bridges = spread('10.201.0.0/26', 28)
  const addresses = Array.from({ length: slotsOf(bridges) }, (_, slot) => placeOf(bridges, slot).address)
  expect(addresses.slice(3, 7)).toEqual(['10.201.0.13', '10.201.0.14', '10.201.0.26', '10.201.0.27'])
  expect(new Set(addresses).size).toBe(20)
})

it('takes no more of a large subnet than one machine has room for', () => {
  expect(spread('10.0.0.0/8')).toHaveLength(16)
  expect(slotsOf(spread('10.0.0.0/8'))).toBe(16 * 1013)
})

it('says when it is full', () => {
  expect(slotsOf(spread('10.201.0.0/20'))).toBe(4052)
  expect(slotsOf(spread('192.168.255.16/28'))).toBe(5)
  expect(() => addressOf('10.201.0.0/20', 4052)).toThrow(
    expect.objectContaining({
      code: 'conflict',
      // What to do about it is the operator's to read, in the log.
      message: 'There is no room for another computer on this server right now.',
      cause: expect.objectContaining({ message: expect.stringContaining('Configure a larger subnet') }),
    }),
  )
})

it.each([-1, 1.5, Number.NaN])('refuses slot %s', (slot) => {
  expect(() => addressOf('10.201.0.0/20', slot)).toThrow('slot')
})
