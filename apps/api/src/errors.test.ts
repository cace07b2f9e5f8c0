import { describe, expect, it } from 'vitest'
import { AppError, isDatabaseAway, toAppError } from './errors.ts'

const withCode = (code: string) => Object.assign(new Error(code), { code })

describe('a lost database', () => {
  it.each(['ECONNREFUSED', 'CONNECTION_CLOSED', '57P01', '08006', '53100', '25006'])(
    'is recognised by %s, however deep',
    (code) => {
      const error = new Error('query', { cause: new Error('driver', { cause: withCode(code) }) })
      expect(isDatabaseAway(error)).toBe(true)
      expect(toAppError(error)).toMatchObject({ code: 'database_unavailable', httpStatus: 503 })
    },
  )
  it.each(['23505', 'ENOENT'])('is not taken for %s', (code) =>
    expect(isDatabaseAway(withCode(code))).toBe(false),
  )
})

it('says nothing of an unknown error but that it was logged', () => {
  const known = toAppError(new Error('password=hunter2'))
  expect(known.toBody()).toEqual({ code: 'internal', message: expect.not.stringContaining('hunter2') })
})

it('passes a known error through', () => {
  const error = new AppError('handle_taken', 'Taken.')
  expect(toAppError(error)).toBe(error)
})
