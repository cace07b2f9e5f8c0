import { expect, test } from 'vitest'
import { merge, moveCaret } from './merge.ts'

test.each([
  ['one two three', 'ONE two three', 'one two THREE', 'ONE two THREE'],
  ['a\nb\nc', 'a\nb\nc\nd', 'z\na\nb\nc', 'z\na\nb\nc\nd'],
  ['same', 'mine', 'same', 'mine'],
  ['same', 'same', 'theirs', 'theirs'],
  ['base', 'both', 'both', 'both'],
])('merges %j: %j and %j', (base, mine, theirs, joined) => {
  expect(merge(base, mine, theirs)).toBe(joined)
})

test('does not merge changes in the same place', () => {
  expect(merge('one', 'one mine', 'one theirs')).toBeNull()
  expect(merge('', 'mine', 'theirs')).toBeNull()
})

test('keeps the caret at its word', () => {
  expect(moveCaret(2, 'one two', 'one two three')).toBe(2)
  expect(moveCaret(7, 'one two', 'zero one two')).toBe(12)
  expect(moveCaret(5, 'one two', 'one')).toBe(3)
})
