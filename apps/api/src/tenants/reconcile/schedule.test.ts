import { newId } from '@matrixos/shared'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import { createSchedule } from './schedule.ts'

const id = newId('ins', systemClock)

it('waits longer after each failed check, however often it is asked meanwhile', async () => {
  vi.useFakeTimers()
  try {
    const looks: number[] = []
    const schedule = createSchedule({
      settle: async () => {
        looks.push(Date.now())
        // As a change of the row does, in the middle of the look.
        schedule.enqueue(id)
        throw new Error('the row cannot be written')
      },
      onError: (_error, _id, failures) => 1_000 * 2 ** (failures - 1),
      clock: systemClock,
    })
    const start = Date.now()
    schedule.enqueue(id)
    await vi.advanceTimersByTimeAsync(0)
    schedule.enqueue(id)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(looks.map((at) => at - start)).toEqual([0, 1_000, 3_000, 7_000, 15_000])
    await schedule.close()
  } finally {
    vi.useRealTimers()
  }
})

it('waits as long as planned when the system clock is set back meanwhile', async () => {
  vi.useFakeTimers()
  try {
    let setBackMs = 0
    const clock = { ...systemClock, now: () => Date.now() - setBackMs }
    let looks = 0
    const schedule = createSchedule({
      settle: async () => {
        looks++
        throw new Error('the row cannot be written')
      },
      onError: () => 1_000,
      clock,
    })
    schedule.enqueue(id)
    await vi.advanceTimersByTimeAsync(0)
    setBackMs = 3_600_000
    schedule.enqueue(id)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(looks).toBe(2)
    await schedule.close()
  } finally {
    vi.useRealTimers()
  }
})
