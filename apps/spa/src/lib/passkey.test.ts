import { WebAuthnError } from '@simplewebauthn/browser'
import { expect, test } from 'vitest'
import { passkeyProblem, rearmPause } from './passkey.ts'

test.each([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'superseded'],
  ['InvalidStateError', 'exists'],
  ['SecurityError', 'other'],
])('takes %s, plain or wrapped by the library, for %s', (name, problem) => {
  const plain = new DOMException('The browser says so.', name)
  const wrapped = new WebAuthnError({
    message: 'The library says so.',
    code: 'ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY',
    cause: plain,
  })
  expect(passkeyProblem(plain)).toBe(problem)
  expect(passkeyProblem(wrapped)).toBe(problem)
})

test('does not take other errors for the prompt’s', () => {
  expect(passkeyProblem(new TypeError('Failed to fetch'))).toBeNull()
  expect(passkeyProblem('text')).toBeNull()
})

test('offers autofill again three times, ever later, and then no more', () => {
  expect([0, 1, 2, 3, 4, 5].map(rearmPause)).toEqual([0, 1000, 5000, 15_000, null, null])
})
