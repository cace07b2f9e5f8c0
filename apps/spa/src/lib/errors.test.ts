import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { errorText, isRefusal, isSignedOut, isTransient, isUnreachable, unreachableText } from './errors.ts'

const answered = (error: unknown) => Object.assign(new Error('tRPC'), { data: { httpStatus: 500, error } })

test('shows the api’s own words, with the time to wait', () => {
  expect(errorText(answered({ code: 'handle_taken', message: 'This name is taken.' }))).toBe(
    'This name is taken.',
  )
  const limited = answered({ code: 'too_many_requests', message: 'Too many attempts.', retryAfterS: 95 })
  expect(errorText(limited)).toBe('Too many attempts. Try again in 2 minutes.')
  const soon = answered({ code: 'engine_down', message: 'The engine is away.', retryAfterS: 0 })
  expect(errorText(soon)).toBe('The engine is away. Try again now.')
})

test('leaves out the name of the field, which is for programs', () => {
  expect(errorText(answered({ code: 'invalid_input', message: 'text: Write something first.' }))).toBe(
    'Write something first.',
  )
  expect(errorText(answered({ code: 'invalid_input', message: 'Write something first.' }))).toBe(
    'Write something first.',
  )
})

test('blames the connection only when the browser is offline', () => {
  const error = TRPCClientError.from(new TypeError('Failed to fetch'))
  expect(isUnreachable(error)).toBe(true)
  expect(isTransient(error)).toBe(true)
  expect(isSignedOut(error)).toBe(false)
  expect(errorText(error)).toContain('Matrix OS isn’t answering')
  expect(unreachableText(false)).toContain('Check your connection')
})

test('takes an unknown response for our fault, not the network’s', () => {
  expect(errorText(answered({ code: 'martian', message: 'x' }))).toContain('on our side')
  expect(isTransient(answered(undefined))).toBe(false)
})

test('signs out for a missing session, not for a wrong password', () => {
  expect(isSignedOut(answered({ code: 'unauthorized', message: 'x' }))).toBe(true)
  expect(isSignedOut(answered({ code: 'credential_refused', message: 'x' }))).toBe(false)
  expect(isRefusal(answered({ code: 'credential_refused', message: 'x' }))).toBe(true)
  expect(isRefusal(answered({ code: 'too_many_requests', message: 'x' }))).toBe(false)
})
