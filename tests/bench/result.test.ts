import { expect, it } from 'vitest'
import { inParallel, median, quantile } from './result.ts'

it('finds the middle and the edges', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5)
})

it('runs no more at once than asked, and keeps the order', async () => {
  let running = 0
  let most = 0
  const task = (n: number) => async () => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
    return n
  }
  await expect(inParallel([1, 2, 3, 4, 5].map(task), 2)).resolves.toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})
