import { expect, test } from 'vitest'
import { countInWords, sizeInWords } from './words.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1536, '1.5 kB'],
  [99_960, '100 kB'],
  [999_700, '1 MB'],
  [2_147_483_648, '2.1 GB'],
])('says %d bytes as %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words)
})

test('counts', () => {
  expect(countInWords(1, 'item')).toBe('1 item')
  expect(countInWords(10_000, 'item')).toBe('10,000 items')
})
