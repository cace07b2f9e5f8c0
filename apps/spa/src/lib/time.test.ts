import { expect, test } from 'vitest'
import { idleLimit, inWords, retryPause, secondsUntil, timeAgo } from './time.ts'

const NOW = Date.parse('2030-05-01T12:00:00Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

test.each([
  [0, '1 second'],
  [1, '1 second'],
  [59.2, '1 minute'],
  [60, '1 minute'],
  [61, '2 minutes'],
  [3600, '1 hour'],
  [86_401, '2 days'],
])('writes %d s as %s', (seconds, text) => {
  expect(inWords(seconds)).toBe(text)
})

test('writes idle limits shortly', () => {
  expect(idleLimit(1800)).toBe('After 30 min idle')
  expect(idleLimit(20)).toBe('After 20 seconds idle')
  expect(idleLimit(7200)).toBe('After 2 hours idle')
  expect(idleLimit(null)).toBe('Only when you say so')
})

test.each([
  [0, 'just now'],
  [-30, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [7300, '2 hours ago'],
  [86_400, 'yesterday'],
])('writes %d s ago as %s', (seconds, text) => {
  expect(timeAgo(ago(seconds), NOW)).toBe(text)
})

test('ends a countdown at 0', () => {
  expect(secondsUntil(ago(-1.2), NOW)).toBe(2)
  expect(secondsUntil(ago(5), NOW)).toBe(0)
})

test('lets pauses between tries grow to 10 s', () => {
  expect([0, 1, 2, 3, 50].map(retryPause)).toEqual([2000, 4000, 8000, 10_000, 10_000])
})
