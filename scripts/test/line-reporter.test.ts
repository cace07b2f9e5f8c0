import { expect, test } from 'vitest'
import { lineOf } from './line-reporter.ts'

test('prints a test in one line, and under it why it failed', () => {
  expect(lineOf('refuses a ticket twice', 'passed', [])).toBe('✓ refuses a ticket twice')
  expect(lineOf('refuses a ticket twice', 'skipped', [])).toBe('– refuses a ticket twice')
  expect(lineOf('refuses a ticket twice', 'failed', ['Error: 303\n    at x.ts:1'])).toBe(
    '✗ refuses a ticket twice\n    Error: 303\n        at x.ts:1',
  )
})
