import { expect, it } from 'vitest'
import { cropOf } from './picture.ts'

const FRAME = { width: 1200, height: 630 }

it.each([
  ['a picture of the same form', { width: 2400, height: 1260 }, { x: 0, y: 0, width: 2400, height: 1260 }],
  ['a wide one', { width: 3000, height: 630 }, { x: 900, y: 0, width: 1200, height: 630 }],
  // More of its upper half.
  ['a phone’s', { width: 1200, height: 2630 }, { x: 0, y: 500, width: 1200, height: 630 }],
  ['a small one', { width: 600, height: 630 }, { x: 0, y: 78.75, width: 600, height: 315 }],
])('fills the frame with %s', (_what, size, crop) => {
  expect(cropOf(size, FRAME)).toEqual(crop)
})
