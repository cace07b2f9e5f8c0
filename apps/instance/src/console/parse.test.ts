import { expect, test } from 'vitest'
import { parseLine } from './parse.ts'

test.each([
  ['ls -l  notes', ['ls', '-l', 'notes']],
  ['cat "a b" c\\ d', ['cat', 'a b', 'c d']],
  [`echo 'it "is"' "so \\"quoted\\""`, ['echo', 'it "is"', 'so "quoted"']],
  ['echo a"b"c', ['echo', 'abc']],
  ['echo ""', ['echo', '']],
  ['   ', []],
])('%j', (line, words) => {
  expect(parseLine(line)).toEqual({ words, redirect: null })
})

test('redirection', () => {
  expect(parseLine('echo hi > a.txt')).toEqual({
    words: ['echo', 'hi'],
    redirect: { to: 'a.txt', append: false },
  })
  expect(parseLine('echo hi>>"a b"')).toEqual({
    words: ['echo', 'hi'],
    redirect: { to: 'a b', append: true },
  })
})

test.each([
  ['echo "open', 'not closed'],
  ['ls | cat', 'one command at a time'],
  ['a && b', 'one command at a time'],
  ['echo >', 'Which file?'],
  ['echo > a > b', 'I can only follow one >'],
  ['echo > a b', 'Nothing can follow'],
])('explains what is wrong with %j', (line, message) => {
  expect(() => parseLine(line)).toThrow(message)
})
