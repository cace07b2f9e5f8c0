import { expect, test } from 'vitest'
import { decode } from './decode.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['one\ntwo\n', '\n'],
  ['one\r\ntwo\r\n', '\r\n'],
  ['one\r\ntwo\n', '\n'],
  ['one\rtwo\r\n', '\n'],
  ['', '\n'],
  ['\ufeffmarked', '\n'],
])('reads %j, whose lines end with %j', (text, lineBreak) => {
  expect(decode(bytes(text), true)).toEqual({ text, lineBreak, isUtf8: true })
})

test('tells text of another encoding, and what is no text', () => {
  expect(decode(Uint8Array.of(0x63, 0x61, 0x66, 0xe9), true)).toEqual({
    ...{ text: 'café', lineBreak: '\n', isUtf8: false },
  })
  expect(decode(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1), true)).toBeNull()
})

test('takes the beginning of a file that ends within a letter', () => {
  const cut = bytes('café').subarray(0, -1)
  expect(decode(cut, false)).toMatchObject({ text: 'caf', isUtf8: true })
  expect(decode(cut, true)?.isUtf8).toBe(false)
})
