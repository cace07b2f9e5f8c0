import { expect, test } from 'vitest'
import { bytesText, counted, durationText } from './figures.ts'

test('says sizes in the unit that keeps them short', () => {
  const sizes = [0, 512, 1024, 1536, 200 * 1024 ** 2, 7.25 * 1024 ** 3, 3 * 1024 ** 5]
  expect(sizes.map(bytesText)).toEqual([
    '0 B',
    '512 B',
    '1.0 KiB',
    '1.5 KiB',
    '200 MiB',
    '7.3 GiB',
    '3072 TiB',
  ])
})

test('says durations as short as they are', () => {
  expect([12.4, 840, 12_400, 95_000].map(durationText)).toEqual(['12 ms', '840 ms', '12.4 s', '1 min 35 s'])
})

test('counts one and many', () => {
  expect(counted(1, 'person', 'people')).toBe('1 person')
  expect(counted(10_000, 'person', 'people')).toBe('10,000 people')
})
