import { expect, test } from 'vitest'
import { chooseEncoding, isFresh } from './encoding.ts'

test.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.5, gzip;q=0.9', 'gzip'],
  ['br; q=0.000, *;q=0', null],
  ['*', 'br'],
  ['brotli, xgzip', null],
  [', ;q=1, gzip;q=oops', 'gzip'],
])('chooses for Accept-Encoding %o: %o', (accepted, expected) => {
  expect(chooseEncoding(accepted, ['br', 'gzip'])).toBe(expected)
})

test('chooses only what is there', () => {
  expect(chooseEncoding('br, gzip', ['gzip'])).toBe('gzip')
  expect(chooseEncoding('br, gzip', [])).toBeNull()
})

test('compares entity tags whole, in lists, and without the weak mark', () => {
  expect(isFresh('"a", W/"b"', '"b"')).toBe(true)
  expect(isFresh('*', '"b"')).toBe(true)
  expect(isFresh('"bb"', '"b"')).toBe(false)
  expect(isFresh(undefined, '"b"')).toBe(false)
})
