import { expect, test } from 'vitest'
import { fold } from './fold.ts'

test('is the same for every way to write a word', () => {
  expect(fold('CAFE\u0301')).toBe('caf\u00e9')
  expect(fold('a\u0301\u0323')).toBe(fold('a\u0323\u0301'))
})

test('puts no more than thirty marks in order: a million would take hours', () => {
  const marks = (times: number) => '\u0301\u0323'.repeat(times)
  const inOrder = '\u0323'.repeat(15) + '\u0301'.repeat(15)
  expect(fold(marks(15))).toBe(inOrder)
  expect(fold(marks(45))).toBe([inOrder, inOrder, inOrder].join('\u034f'))
  expect(fold(marks(500_000))).toHaveLength(1_000_000 + Math.ceil(1_000_000 / 30) - 1)
})
