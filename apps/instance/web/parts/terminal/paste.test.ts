import { expect, test } from 'vitest'
import { linesToConfirm, withoutControls } from './paste.ts'

test.each([
  ['ls', false, 0],
  ['ls\n', false, 1],
  ['one\r\ntwo', false, 2],
  ['one\ntwo\nthree\n', false, 3],
  ['one\ntwo', true, 0],
])('of %j, in brackets: %o, asks about %i lines', (text, isBracketed, lines) => {
  expect(linesToConfirm(text, isBracketed)).toBe(lines)
})

test('takes out what could end the brackets or press keys', () => {
  expect(withoutControls('a\x1b[201~rm\x03\tb\r\nc\x7f')).toBe('a[201~rm\tb\r\nc')
})
