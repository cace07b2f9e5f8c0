import { expect, test } from 'vitest'
import { dragged } from './drag.ts'
import { SMALLEST } from './model.ts'

const START = { x: 100, y: 100, width: 600, height: 400 }

test.each([
  [null, { x: 110, y: 120, width: 600, height: 400 }],
  ['e', { x: 100, y: 100, width: 610, height: 400 }],
  ['s', { x: 100, y: 100, width: 600, height: 420 }],
  ['nw', { x: 110, y: 120, width: 590, height: 380 }],
  ['se', { x: 100, y: 100, width: 610, height: 420 }],
] as const)('follows the pointer by 10 and 20 at %o', (edge, expected) => {
  expect(dragged(START, edge, 10, 20)).toEqual(expected)
})

test('stops at the smallest size, and leaves the other side where it is', () => {
  const { x, width } = dragged(START, 'w', 5_000, 0)
  expect(width).toBe(SMALLEST.width)
  expect(x + width).toBe(START.x + START.width)
})
