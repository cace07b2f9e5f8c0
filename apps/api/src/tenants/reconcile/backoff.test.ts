import { expect, it } from 'vitest'
import { retryDelayMs } from './backoff.ts'

it('doubles from a second to five minutes, and stays there', () => {
  expect([1, 2, 3, 9, 10, 1000].map(retryDelayMs)).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000])
})
