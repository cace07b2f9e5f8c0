import { expect, test } from 'vitest'
import { faceAfter } from './asleep.tsx'

test.each([
  ['falls asleep', null, 'asleep', false, 'asleep'],
  ['says that it let go, in plain sight', null, 'resting', false, 'resting'],
  ['lets go without a word where nobody looks', null, 'resting', true, null],
  ['wakes when somebody acts', 'asleep', 'connecting', false, 'waking'],
  ['is there again', 'waking', 'open', false, null],
  ['could not wake', 'waking', 'asleep', false, 'failed'],
  ['tries again', 'failed', 'connecting', false, 'waking'],
  ['stays as it is while the connection breaks', 'waking', 'retrying', false, 'waking'],
  ['stays as it is when the session ends', 'asleep', 'signed-out', false, 'asleep'],
  ['is nothing while it connects for the first time', null, 'connecting', false, null],
  ['is nothing when a connection breaks', null, 'retrying', false, null],
] as const)('%s', (_, face, state, isHidden, expected) => {
  expect(faceAfter(face, state, isHidden)).toBe(expected)
})
