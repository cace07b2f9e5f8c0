import { describe, expect, it } from 'vitest'
import { patientLimitOf, startLimitOf } from './start-limit.ts'

describe('startLimitOf', () => {
  it('gives a computer twice what the trial took', () =>
    expect(startLimitOf({ trialMs: 600, atOnce: 1 })).toBe(1_200))

  it('gives those that start at once more, since they share a machine', () =>
    expect(startLimitOf({ trialMs: 600, atOnce: 4 })).toBe(3_000))

  it.each([
    ['what is quick a moment all the same', 20, 750],
    ['what is slow no longer than any start', 20_000, 30_000],
    ['what was not timed as long as any start', null, 30_000],
  ])('gives %s', (_what, trialMs, ms) => expect(startLimitOf({ trialMs, atOnce: 1 })).toBe(ms))
})

it('is patient where nobody waits, or a copy has shown that it runs', () => {
  expect(patientLimitOf({ trialMs: 250, atOnce: 4 })).toBe(10_000)
  expect(patientLimitOf({ trialMs: 3_000, atOnce: 1 })).toBe(12_000)
  expect(patientLimitOf({ trialMs: null, atOnce: 1 })).toBe(30_000)
})
