import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Ledger } from '../../ports/ledger.ts'
import { withHints } from './hints.ts'
import { newCall, progress, stranger } from './testing/people.ts'

const books = (apply: Ledger['apply']): Ledger => ({
  apply,
  callerOf: async () => null,
  budgetOf: () => Promise.reject(new Error('unused')),
  editedPrices: async () => [],
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells of each person once in a while, after it is written', async () => {
  const changed = vi.fn()
  const [ana, ben] = [stranger(), stranger()]
  const ledger = withHints(
    books(async () => []),
    { changed, everyMs: 100 },
  )
  for (let i = 0; i < 3; i++) await ledger.apply([ana.release(newCall()), ben.release(newCall())])
  await ledger.apply([progress('proxy-1')])
  expect(changed).not.toHaveBeenCalled()
  vi.advanceTimersByTime(100)
  expect(changed.mock.calls.flat().toSorted()).toEqual([ana.userId, ben.userId].toSorted())
  await ledger.apply([ana.release(newCall())])
  vi.advanceTimersByTime(100)
  expect(changed).toHaveBeenCalledTimes(3)
})

it('tells of nothing that could not be written', async () => {
  const changed = vi.fn()
  const ledger = withHints(
    books(() => Promise.reject(new Error('away'))),
    { changed, everyMs: 100 },
  )
  await expect(ledger.apply([stranger().release(newCall())])).rejects.toThrow('away')
  expect(vi.getTimerCount()).toBe(0)
})
