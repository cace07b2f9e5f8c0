import { expect, test } from 'vitest'
import { caption } from './words.ts'

test.each([
  [0, 0, 'The first light here can be yours.'],
  [0, 2, 'and 2 asleep, everything kept'],
  [3, 3, 'Every computer is awake.'],
  [3, 1203, 'and 1,200 asleep, everything kept'],
])('says for %d of %d awake: %s', (running, instances, text) => {
  expect(caption({ running, instances })).toBe(text)
})
