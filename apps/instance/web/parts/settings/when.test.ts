import { expect, it } from 'vitest'
import { ago, whenNext } from './when.ts'

const NOW = new Date('2026-05-01T12:00:00Z')
const next = (at: string, zone = 'UTC') => whenNext(at, { now: NOW, zone, locale: 'en-GB' })

it.each([
  ['2026-05-01T12:00:20Z', 'in a moment'],
  ['2026-05-01T12:25:00Z', 'in 25 minutes'],
  ['2026-05-01T21:00:00Z', 'today at 21:00'],
  ['2026-05-02T09:00:00Z', 'tomorrow at 09:00'],
  ['2026-05-04T09:00:00Z', 'on Monday at 09:00'],
  ['2026-06-01T09:00:00Z', 'on Monday, 1 June at 09:00'],
  ['2026-05-01T11:00:00Z', 'in a moment'],
])('says %s as %s', (at, words) => {
  expect(next(at)).toBe(words)
})

it('counts days where the reader is', () => {
  expect(next('2026-05-01T22:30:00Z', 'Europe/Berlin')).toBe('tomorrow at 00:30')
})

it.each([
  ['2026-05-01T11:59:50Z', 'just now'],
  ['2026-05-01T11:55:00Z', '5 minutes ago'],
  ['2026-05-01T09:00:00Z', '3 hours ago'],
  ['2026-04-28T12:00:00Z', '3 days ago'],
])('says %s as %s', (at, words) => {
  expect(ago(at, NOW, 'en-GB')).toBe(words)
})
