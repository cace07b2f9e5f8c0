import { expect, it } from 'vitest'
import { handleProblem, handleSchema, normalizeHandle } from './handle.ts'

it.each(['bob', 'alice', 'a-b', 'x9z', 'a'.padEnd(32, 'b')])('accepts %s', (handle) => {
  expect(handleProblem(handle)).toBeNull()
})

it.each([
  '',
  'ab',
  '9ab',
  '-ab',
  'ab-',
  'a_b',
  'a.b',
  'Abc',
  'äbc',
  'xn--abc',
  'ab--c',
  'notes--ada',
  'a-b--c',
  'a'.padEnd(33, 'b'),
])('refuses %j as malformed', (handle) => expect(handleProblem(handle)).toBe('malformed'))

it.each(['app', 'api', 'www', 'matrix', 'auth', 'admin', 'mail'])('reserves %s', (handle) => {
  expect(handleProblem(handle)).toBe('reserved')
})

it('folds what people type', () => {
  expect(normalizeHandle('  @Alice ')).toBe('alice')
  expect(handleSchema.parse('@Alice')).toBe('alice')
  expect(handleSchema.safeParse('//evil').success).toBe(false)
})
