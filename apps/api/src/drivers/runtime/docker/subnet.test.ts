import { describe, expect, it } from 'vitest'
import { dynamicRange, slotAddress } from './subnet.ts'

describe('the subnet of the instances', () => {
  it('has slots from its tenth address to the last before broadcast', () => {
    expect(slotAddress('10.201.0.0/20', 0)).toBe('10.201.0.10')
    expect(slotAddress('10.201.0.0/20', 300)).toBe('10.201.1.54')
    expect(slotAddress('10.201.0.0/20', 4084)).toBe('10.201.15.254')
    expect(slotAddress('192.168.255.16/28', 4)).toBe('192.168.255.30')
  })

  it('keeps addresses that the engine chooses below the slots', () => {
    expect(dynamicRange('10.201.0.0/20')).toBe('10.201.0.0/29')
  })

  it.each(['10.201.0.0', '10.201.0.0/31', '10.201.0.5/20', '300.0.0.0/20', 'fd00::/64'])(
    'refuses %s',
    (subnet) => {
      expect(() => slotAddress(subnet, 0)).toThrow(subnet)
    },
  )

  it.each([-1, 1.5, Number.NaN])('refuses slot %s', (slot) => {
    expect(() => slotAddress('10.201.0.0/20', slot)).toThrow('slot')
  })
})
