import { expect, it } from 'vitest'
import { formatUsd, parseUsd, scaleUp } from './money.ts'

it.each([
  ['5.00', 5_000_000_000n],
  ['0.000000001', 1n],
  ['-2.30', -2_300_000_000n],
  ['12345.678', 12_345_678_000_000n],
])('reads and writes %s exactly', (text, nano) => {
  expect(parseUsd(text)).toBe(nano)
  expect(parseUsd(formatUsd(nano))).toBe(nano)
})

it('writes at least two places and no needless ones', () => {
  expect(formatUsd(5_000_000_000n)).toBe('5.00')
  expect(formatUsd(1n)).toBe('0.000000001')
  expect(formatUsd(1_230_000_000n)).toBe('1.23')
})

it.each(['', '1e3', '1,5', '.5', '1.0000000001', 'NaN'])('refuses %j', (text) => {
  expect(() => parseUsd(text)).toThrow(RangeError)
})

it('rounds a share up, once', () => {
  expect(scaleUp(3n, 1n, 2n)).toBe(2n)
  expect(scaleUp(4n, 1n, 2n)).toBe(2n)
})
