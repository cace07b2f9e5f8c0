import { expect, test } from 'vitest'
import { headingLevels } from './markdown.tsx'

test.each([
  [
    [2, 2, 3],
    [3, 3, 4],
  ],
  [
    [1, 2, 2],
    [3, 4, 4],
  ],
  [
    [2, 4, 2],
    [3, 4, 3],
  ],
  [
    [3, 1, 2],
    [3, 3, 4],
  ],
  [
    [1, 2, 3, 4, 5, 6],
    [3, 4, 5, 6, 6, 6],
  ],
])('gives headings of depths %o the levels %o below a heading of level 2', (depths, expected) => {
  expect(depths.map(headingLevels(depths, 2))).toEqual(expected)
})
