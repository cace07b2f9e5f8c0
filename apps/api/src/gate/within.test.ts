import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { aborted, within } from './within.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('passes an outcome on, and leaves no timer behind', async () => {
  await expect(within(30_000, Promise.resolve('row'))).resolves.toBe('row')
  await expect(within(30_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(vi.getTimerCount()).toBe(0)
})

it('fails what takes longer', async () => {
  const late = expect(within(30_000, new Promise(() => undefined))).rejects.toMatchObject({
    code: 'database_unavailable',
  })
  await vi.advanceTimersByTimeAsync(30_000)
  await late
})

it('resolves once a signal has aborted', async () => {
  const over = new AbortController()
  const wait = aborted(over.signal)
  over.abort()
  await wait
  await aborted(over.signal)
})
