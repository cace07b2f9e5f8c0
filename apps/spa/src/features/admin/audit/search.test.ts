import { expect, test } from 'vitest'
import { inputOf, isFiltered, localTime, readFilter, timeOf } from './search.ts'

test('leaves out what somebody mistyped in the address', () => {
  const filter = readFilter({
    actor: '  ada ',
    action: '',
    target: undefined,
    from: 'yesterday',
    to: '2026-02-03',
  })
  expect(inputOf(filter)).toEqual({ actor: 'ada', to: '2026-02-03T00:00:00.000Z' })
  expect(isFiltered(readFilter({ from: 'x', actor: ' ' }))).toBe(false)
})

test('shows a time in the field as it was chosen there', () => {
  const chosen = '2026-07-01T09:30'
  expect(localTime(timeOf(chosen))).toBe(chosen)
  expect(localTime(undefined)).toBe('')
})
