import { expect, it } from 'vitest'
import { soleHandle } from './sole-handle.ts'

it.each([
  [[], null],
  [[{ handle: 'alice', desired: 'asleep' }], 'alice'],
  [[{ handle: 'alice', desired: 'deleted' }], 'alice'],
  [
    [
      { handle: 'alice', desired: 'deleted' },
      { handle: 'bob', desired: 'awake' },
    ],
    'bob',
  ],
] as const)('of %j it is that of %s', (rows, handle) => {
  expect(soleHandle(rows)).toBe(handle)
})
