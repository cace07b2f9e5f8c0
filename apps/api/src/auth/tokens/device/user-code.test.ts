import { parseUserCode, showUserCode, USER_CODE_LETTERS } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../../clock.ts'
import { newUserCode } from './user-code.ts'

it('is eight letters, each as likely as any other', () => {
  // Every byte once: those that would favour some letters are passed over.
  let next = 200
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => next++ % 256)
  const letters = Array.from({ length: 30 }, () => newUserCode(random)).join('')
  const counts = [...USER_CODE_LETTERS].map((letter) => letters.split(letter).length - 1)
  expect(letters).toHaveLength(240)
  expect(new Set(counts)).toEqual(new Set([12]))
  expect(newUserCode(systemClock.random)).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
})

it.each(['BCDF-GHJK', 'bcdfghjk', ' bcdf ghjk ', 'BCDF–GHJK', 'b.c.d.f.g.h.j.k'])(
  'is read from %j',
  (typed) => {
    expect(parseUserCode(typed)).toBe('BCDFGHJK')
    expect(showUserCode('BCDFGHJK')).toBe('BCDF-GHJK')
  },
)

it.each(['', 'BCDF-GHJ', 'BCDF-GHJKL', 'ACDF-GHJK', 'BCDF-GHJ1', 'BCDF+GHJK'])(
  'is not read from %j',
  (typed) => {
    expect(parseUserCode(typed)).toBeNull()
  },
)
