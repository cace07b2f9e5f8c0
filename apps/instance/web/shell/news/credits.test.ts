import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCreditsWatch } from './credits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('asks while it is connected, and never otherwise: a question would wake the computer', async () => {
  const read = vi.fn(async () => ({ alert: 80 }) as const)
  const show = vi.fn()
  const { connected } = createCreditsWatch({ read, show })
  connected(false)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(read).not.toHaveBeenCalled()
  connected(true)
  connected(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(2)
  expect(show).toHaveBeenLastCalledWith({ alert: 80 })
  connected(false)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(read).toHaveBeenCalledTimes(2)
})

test('shows what it knew where there is no answer', async () => {
  const read = vi.fn().mockRejectedValue(new Error('away'))
  const show = vi.fn()
  createCreditsWatch({ read, show }).connected(true)
  await vi.advanceTimersByTimeAsync(1)
  expect(show).not.toHaveBeenCalled()
})
