import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBoundary } from './boundary.ts'

test.each([
  ['plain', '', 'plain'],
  ['a\x1b', '\x1b', 'a'],
  ['a\x1b[3', '\x1b[3', 'a'],
  ['a\x1b[31m', '', 'a\x1b[31m'],
  ['a\x1b]0;ti', '\x1b]0;ti', 'a'],
  ['a\x1b]0;title\x07', '', 'a\x1b]0;title\x07'],
  ['a\x1b]0;title\x1b', '\x1b]0;title\x1b', 'a'],
  ['a\x1b]0;title\x1b\\', '', 'a\x1b]0;title\x1b\\'],
  ['a\x1b(', '\x1b(', 'a'],
  ['a\x1b(0', '', 'a\x1b(0'],
  ['a\x1b7', '', 'a\x1b7'],
])('of %j holds %j back', (text, held, passed) => {
  const boundary = createBoundary()
  expect(String(boundary.push(Buffer.from(text)))).toBe(passed)
  expect(String(boundary.end())).toBe(held)
})

const WHOLE = [
  'word',
  '\r\n',
  'ä',
  '你',
  '😀',
  '\x1b[1;31m',
  '\x1b[?25l',
  '\x1b]2;t\x07',
  '\x1b]8;;u\x1b\\',
  '\x1bM',
  '\x1b(0',
]

test('passes everything on in order, wherever reads end, and cuts no sequence or character', () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 30 })
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WHOLE), { maxLength: 40 }), cuts, (pieces, at) => {
      const bytes = Buffer.from(pieces.join(''))
      const ends = new Set<number>()
      pieces.reduce((length, piece) => {
        // Within a run of letters every place is a boundary.
        for (let index = 1; piece === 'word' && index < 4; index++) ends.add(length + index)
        for (let index = 1; piece === '\r\n' && index < 2; index++) ends.add(length + index)
        ends.add(length + Buffer.byteLength(piece))
        return length + Buffer.byteLength(piece)
      }, 0)
      const boundary = createBoundary()
      let passed = Buffer.alloc(0)
      let from = 0
      for (const cut of [...at.toSorted((a, b) => a - b), bytes.length]) {
        const next = boundary.push(bytes.subarray(from, cut))
        from = Math.max(from, Math.min(cut, bytes.length))
        passed = Buffer.concat([passed, next])
        if (passed.length > 0) expect(ends).toContain(passed.length)
      }
      expect(Buffer.concat([passed, boundary.end()])).toEqual(bytes)
    }),
  )
})

test('does not hold back without bound', () => {
  const boundary = createBoundary()
  expect(boundary.push(Buffer.from(`\x1bP${'x'.repeat(70_000)}`))).toHaveLength(70_002)
})
