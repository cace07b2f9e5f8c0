import { expect, it } from 'vitest'
import { durationTyped, secondsTyped } from './duration.ts'

it.each([
  [60, '1 min'],
  [90, '90 s'],
  [1800, '30 min'],
  [5400, '90 min'],
  [7200, '2 h'],
  [86_400, '1 day'],
  [2_592_000, '30 days'],
])('writes %d seconds as %s, and reads the same back', (seconds, text) => {
  expect(durationTyped(seconds)).toBe(text)
  expect(secondsTyped(text)).toBe(seconds)
})

it('reads what people type, with minutes where they say no unit', () => {
  expect(['30', '1.5h', '2 Hours', ' 7d ', '45m'].map(secondsTyped)).toEqual([
    1800, 5400, 7200, 604_800, 2700,
  ])
  expect(['', 'soon', '3 weeks', '-5 min', '1 h 30'].map(secondsTyped)).toEqual(Array(5).fill(Number.NaN))
})
