import { expect, test } from 'vitest'
import { sequenceOf, withControl } from './keys.ts'

test.each([
  ['c', '\x03'],
  ['C', '\x03'],
  ['[', '\x1b'],
  [' ', '\0'],
  ['?', '\x7f'],
  ['1', '1'],
  ['ä', 'ä'],
  ['ab', 'ab'],
])('%j with Ctrl is %j', (text, expected) => {
  expect(withControl(text)).toBe(expected)
})

test('says arrows as the program wants them', () => {
  expect(sequenceOf('Up', false, false)).toBe('\x1b[A')
  expect(sequenceOf('Up', true, false)).toBe('\x1bOA')
  expect(sequenceOf('Left', true, true)).toBe('\x1b[1;5D')
  expect(sequenceOf('Esc', true, false)).toBe('\x1b')
})
