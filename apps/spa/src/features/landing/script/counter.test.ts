// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drawLanding } from '../draw.tsx'
import { type Stats, showCounter, watchStats } from './counter.ts'

beforeEach(() => {
  document.body.innerHTML = drawLanding()
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

const text = (name: string) => document.querySelector(`[data-${name}]`)?.textContent
const lit = () => document.querySelectorAll('[data-light][data-lit]').length
const NOW: Stats = { running: 3, instances: 10, signUp: 'invite' }

test('shows what runs, and who may sign up', () => {
  expect(text('running')).toBe('–')
  showCounter(document, NOW)
  expect([text('running'), text('caption'), lit()]).toEqual(['3', 'and 7 asleep, everything kept', 3])
  expect(text('sign-up')).toMatch('by invitation')
})

test('shows no number that no longer arrives', () => {
  showCounter(document, NOW)
  showCounter(document, null)
  expect([text('running'), text('caption'), lit()]).toEqual([
    '–',
    'The live count is unavailable right now.',
    0,
  ])
})

test('asks again while it is seen, also after nobody answered, and not once it is over', async () => {
  const read = vi.fn<() => Promise<Stats>>().mockRejectedValueOnce(new Error('down')).mockResolvedValue(NOW)
  const told: (Stats | null)[] = []
  const stop = watchStats({ read, everyMs: 5_000, onStats: (now) => told.push(now) })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([null, NOW])
  stop()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(read).toHaveBeenCalledTimes(2)
})
