import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStringLimit } from './strings.ts'

const LONG = 'x'.repeat(20_000)
const GIVEN_UP = '\x18\x1b\\'

/** In pieces of this many bytes. */
function passed(text: string, size = 1_000): string {
  const limit = createStringLimit()
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(limit(bytes.subarray(at, at + size)))
  return String(Buffer.concat(pieces))
}

test.each([
  ['a title', '\x1b]0;', '\x07', ''],
  ['a link', '\x1b]8;;', '\x1b\\', '\x1b\\'],
  ['a device string', '\x1bP$q', '\x1b\\', '\x1b\\'],
  ['a title that begins and ends with one character each', '\u009d0;', '\u009c', ''],
  ['a title that is given up', '\x1b]0;', '\x18', ''],
])('cuts %s, and nothing after it', (_, start, end, left) => {
  const text = `before${start}${LONG}${end}after`
  for (const size of [1, 7, 1_000, 1_000_000]) {
    const result = passed(text, size)
    expect(result.length).toBeLessThan(16_500)
    expect(result.startsWith(`before${start}xxx`)).toBe(true)
    expect(result.endsWith(`xxx${GIVEN_UP}${left}after`)).toBe(true)
  }
})

test('a string that never ends is no more than its beginning', () => {
  expect(passed(`\x1b]0;${'x'.repeat(3_000_000)}`, 65_536).length).toBeLessThan(16_500)
})

test('a copy to the clipboard may be as long as the page takes it, and no longer', () => {
  const copy = `\x1b]52;c;${'x'.repeat(100_000)}\x07after`
  expect(passed(copy)).toBe(copy)
  expect(passed(`\x1b]52;c;${'x'.repeat(200_000)}\x07after`)).toHaveLength(131_083)
})

const PIECES = [
  'word',
  'ä',
  '你',
  '\u0080',
  '\x1b[1;31m',
  '\x1b]2;t\x07',
  '\x1b]8;;u\x1b\\',
  '\x1b',
  '\x1bP',
  '\x07',
  '\x9c',
  LONG,
]

test('passes on what is short as it is, however it is cut', () => {
  const short = fc.array(fc.constantFrom(...PIECES.slice(0, -1)), { maxLength: 40 })
  fc.assert(
    fc.property(short, fc.integer({ min: 1, max: 20 }), (pieces, size) => {
      expect(passed(pieces.join(''), size)).toBe(pieces.join(''))
    }),
  )
})

test('comes to the same, wherever reads end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }),
      fc.integer({ min: 1, max: 30_000 }),
      (pieces, size) => {
        expect(passed(pieces.join(''), size)).toBe(passed(pieces.join(''), 1_000_000))
      },
    ),
    { numRuns: 30 },
  )
})
