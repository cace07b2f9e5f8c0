import { expect, test } from 'vitest'
import { greetingAt } from './home.tsx'

test.each([
  [4, 'evening'],
  [5, 'morning'],
  [11, 'morning'],
  [12, 'afternoon'],
  [17, 'afternoon'],
  [18, 'evening'],
])('greets at %i by “Good %s”', (hour, part) => {
  expect(greetingAt(new Date(2025, 0, 1, hour))).toBe(`Good ${part}`)
})
