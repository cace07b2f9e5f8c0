import { expect, test } from 'vitest'
import { cut, type Take } from './take.ts'

const take = (name: string, ...at: number[]): Take => at.map((atMs) => ({ atMs, file: `${name}${atMs}` }))

test('shows what there was at each moment, and cuts what waits', () => {
  const frames = cut([take('a', 0, 200, 60_000)], 10).map(([file]) => file)
  // 0.2 s, then 0.6 s of the minute, then 0.6 s of the last picture.
  expect(frames.length).toBe(35)
  expect([frames[0], frames[5], frames[19], frames[20], frames.at(-1)]).toEqual([
    'a0',
    'a200',
    'a200',
    'a60000',
    'a60000',
  ])
})

test('runs faster where there is too much', () => {
  const long = take('a', ...Array.from({ length: 100 }, (_, index) => index * 100))
  expect(cut([long], 2).length).toBe(50)
})

test('lingers on the last picture', () => {
  const frames = cut([take('a', 0, 200)], 10, 2).map(([file]) => file)
  expect([frames.length, frames.at(-1)]).toEqual([70, 'a200'])
})

test('keeps two cameras at one time, from when both see something', () => {
  const frames = cut([take('a', 0, 500), take('b', 200, 400)], 10)
  expect(frames[0]).toEqual(['a0', 'b200'])
  expect(frames.at(-1)).toEqual(['a500', 'b400'])
})

test('does not make a film of nothing', () => {
  expect(() => cut([[]], 1)).toThrow('saw nothing')
})
