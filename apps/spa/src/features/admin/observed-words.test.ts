import { expect, it } from 'vitest'
import { listedWords } from './observed-words.ts'

it('says of a computer what it does, and first that it will be deleted', () => {
  expect(listedWords({ desired: 'asleep', observed: 'stopped' }).label).toBe('Asleep')
  expect(listedWords({ desired: 'leaving', observed: 'stopped' }).label).toBe('To be deleted')
})
