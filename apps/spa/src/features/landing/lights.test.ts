import { expect, test } from 'vitest'
import { litCount } from './lights.ts'

test('shows few computers as one light each', () => {
  expect(litCount(0, 0)).toBe(0)
  expect(litCount(3, 10)).toBe(3)
  expect(litCount(168, 168)).toBe(168)
})

test('lights many computers in proportion, and never goes dark while one runs', () => {
  expect(litCount(500, 1000)).toBe(84)
  expect(litCount(1, 100_000)).toBe(1)
})
