import { DESIRED, OBSERVED } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { statusWords } from './status.ts'

const pairs = OBSERVED.flatMap((observed) => DESIRED.map((desired) => ({ observed, desired })))

test.each(pairs)('$observed, wanted $desired, has words', (pair) => {
  const words = statusWords(pair)
  expect(words.label).not.toBe('')
  expect(words.detail).toMatch(/\.$/)
})

test('a deletion is never shown as anything else until it is done', () => {
  for (const observed of OBSERVED.filter((state) => state !== 'gone')) {
    expect(statusWords({ observed, desired: 'deleted' }).label).toBe('Deleting')
  }
})
