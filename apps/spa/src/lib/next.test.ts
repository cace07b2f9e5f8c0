import { expect, test } from 'vitest'
import { safeNext } from './next.ts'

const ORIGIN = 'https://app.matrix.example'

test('keeps the hand-off to an instance with its query', () => {
  const next = '/launch?handle=ada&rt=%2Fnotes%3Fa%3D1&nonce=abc'
  expect(safeNext(next, ORIGIN)).toBe(next)
})

test.each(['/settings/security', '/admin/people?q=ada', '/device?code=BCDF-GHJK'])('keeps %s', (next) => {
  expect(safeNext(next, ORIGIN)).toBe(next)
})

test.each([
  undefined,
  '/settingsx',
  '/settings/../signup',
  '//evil.example/settings',
  '',
  '/',
  '/launch',
  '/launchpad?x',
  'launch?handle=ada',
  '//evil.example/launch?handle=ada',
  '/\\evil.example/launch?handle=ada',
  'https://evil.example/launch?handle=ada',
  'https://app.matrix.example/launch?handle=ada',
  '/launch/../trpc?x',
  ' /launch?handle=ada',
  'javascript:alert(1)//launch?',
  '\t//evil.example/launch?',
])('refuses to lead to %j', (next) => {
  expect(safeNext(next, ORIGIN)).toBeNull()
})
