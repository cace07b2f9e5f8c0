import { expect, test } from 'vitest'
import { size } from './about.tsx'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_234_567, '1.23 MB'],
  [52_000_000_000, '52 GB'],
  [987_654_321, '988 MB'],
])('says %i bytes as %s', (bytes, expected) => {
  expect(size(bytes)).toBe(expected)
})
