import { DESIRED, OBSERVED } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { statusWords } from './status.ts'

const pairs = OBSERVED.flatMap((observed) =>
  DESIRED.map((desired) => ({ observed, desired, isFirstStart: true, error: null })),
)

test.each(pairs)('has words for $observed, wanted $desired', (pair) => {
  const words = statusWords(pair)
  expect(words.label).not.toBe('')
  expect(words.detail).toMatch(/\.$/)
})

test('shows a deletion as nothing else until it is done', () => {
  for (const observed of OBSERVED.filter((state) => state !== 'gone')) {
    expect(statusWords({ observed, desired: 'deleted', isFirstStart: false, error: null }).label).toBe(
      'Deleting',
    )
  }
})

test('never shows an existing computer as being set up for the first time', () => {
  const again = { observed: 'creating', desired: 'awake', isFirstStart: false, error: null } as const
  expect(statusWords(again).label).toBe('Waking up')
  const error = { code: 'instance_unhealthy', message: 'It stopped while starting.' } as const
  expect(statusWords({ ...again, error }).label).toBe('Trying again')
})

test('says of what waits for memory that it waits', () => {
  const error = { code: 'capacity', message: 'There is no room.' } as const
  const waiting = { observed: 'stopped', desired: 'awake', isFirstStart: true, error } as const
  expect(statusWords(waiting).label).toBe('Waiting for room')
})

test('claims nothing while the api is silent', () => {
  const awake = { observed: 'running', desired: 'awake', isFirstStart: false, error: null } as const
  expect(statusWords(awake).label).toBe('Awake')
  expect(statusWords(awake, true).label).toBe('Reconnecting')
})
