import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, nameOf } from './names.ts'

test.each([
  ['plain.txt', 'plain.txt'],
  ['naïve ☃ 🎉', 'naïve ☃ 🎉'],
  ['\ufffd', '\ufffd'],
])('leaves valid UTF-8 as it is: %j', (text, expected) => {
  expect(nameOf(Buffer.from(text))).toBe(expected)
})

test('shows each byte that fits nowhere, and takes it back', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xc3, 0x2e, 0xe2, 0x98])
  expect(nameOf(bytes)).toBe('a\uefff\uefc3.\uefe2\uef98')
  expect(bytesOf(nameOf(bytes))).toEqual(bytes)
})

test('gives no two names the same text, whatever their bytes', () => {
  const name = fc.uint8Array({ maxLength: 24 })
  const hostile = fc
    .constantFrom('\uef80', '\uefff', '\ufffd', '\u{10ffff}', 'é')
    .map((text) => new TextEncoder().encode(text))
  const any = fc.array(fc.oneof(name, hostile), { maxLength: 6 }).map((parts) => Buffer.concat(parts))
  fc.assert(fc.property(any, (bytes) => bytesOf(nameOf(bytes)).equals(bytes)))
})

test('never makes a separator or a dot out of an escape', () => {
  for (let byte = 0x80; byte <= 0xff; byte++) {
    expect(bytesOf(String.fromCharCode(0xef00 + byte))).toEqual(Buffer.from([byte]))
  }
})
