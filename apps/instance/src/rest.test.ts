import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRest } from './rest.ts'

describe('when nobody asks for anything', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('collects once after the last use, and again only after another', async () => {
    const collect = vi.fn(async () => undefined)
    const restLater = createRest({ afterMs: 30_000, collect })
    restLater()
    await vi.advanceTimersByTimeAsync(29_000)
    restLater()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(collect).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(collect).toHaveBeenCalledTimes(1)
    restLater()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(collect).toHaveBeenCalledTimes(2)
  })

  it('collects nothing in the way of whoever wakes a paused computer', async () => {
    const collect = vi.fn(async () => undefined)
    let slept = 0
    createRest({ afterMs: 30_000, collect, monotonic: () => performance.now() + slept })()
    await vi.advanceTimersByTimeAsync(15_000)
    slept = 3_600_000
    await vi.advanceTimersByTimeAsync(15_000)
    expect(collect).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(collect).toHaveBeenCalledTimes(1)
  })
})

it('frees what nothing refers to', async () => {
  const garbage = new WeakRef(Array.from({ length: 1_000 }, () => ({})))
  createRest({ afterMs: 1 })()
  await expect.poll(() => garbage.deref() === undefined).toBe(true)
})
