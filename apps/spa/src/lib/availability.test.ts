import type { HandleAvailability } from '@matrixos/shared'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAvailability, type HandleState, malformedText } from './availability.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const free = (handle: string): HandleAvailability => ({ handle, status: 'ok', message: 'Free.' })

function setUp() {
  const states: HandleState[] = []
  const asked: {
    handle: string
    signal: AbortSignal
    answer: (status?: 'taken') => void
    fail: () => void
  }[] = []
  const availability = createAvailability({
    delayMs: 250,
    onChange: (state) => states.push(state),
    check: (handle, signal) =>
      new Promise((resolve, reject) => {
        const answer = (status?: 'taken') => resolve({ ...free(handle), ...(status && { status }) })
        asked.push({ handle, signal, answer, fail: () => reject(new Error('away')) })
      }),
  })
  return { ...availability, states, asked, last: () => states.at(-1) }
}

test('asks the api once, after typing pauses, for the handle as it will be stored', async () => {
  const { update, asked, last } = setUp()
  update('ada')
  await vi.advanceTimersByTimeAsync(200)
  update(' @ADA-l')
  await vi.advanceTimersByTimeAsync(249)
  expect(asked).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked.map(({ handle }) => handle)).toEqual(['ada-l'])
  expect(last()).toEqual({ status: 'checking', handle: 'ada-l' })
  asked[0]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(last()).toMatchObject({ status: 'ok', handle: 'ada-l' })
})

test('aborts a stale check, and never shows its result', async () => {
  const { update, asked, states } = setUp()
  update('ada')
  await vi.advanceTimersByTimeAsync(250)
  update('bob')
  expect(asked[0]?.signal.aborted).toBe(true)
  asked[0]?.answer('taken')
  await vi.advanceTimersByTimeAsync(250)
  asked[1]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(states.map(({ status }) => status)).toEqual(['checking', 'checking', 'ok'])
})

test('rejects malformed and reserved handles at once, without the api', async () => {
  const { update, asked, last } = setUp()
  update('x_')
  expect(last()).toMatchObject({ status: 'malformed' })
  update('admin')
  expect(last()).toMatchObject({ status: 'reserved' })
  update('')
  expect(last()).toEqual({ status: 'empty' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked).toHaveLength(0)
})

test('leaves availability unknown while the api is away', async () => {
  const { update, asked, last } = setUp()
  update('ada')
  await vi.advanceTimersByTimeAsync(250)
  asked[0]?.fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(last()).toEqual({ status: 'unknown', handle: 'ada' })
})

test('asks again by itself until an api that was away answers', async () => {
  const { update, asked, last } = setUp()
  update('ada')
  await vi.advanceTimersByTimeAsync(250)
  asked[0]?.fail()
  await vi.advanceTimersByTimeAsync(2000)
  asked[1]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(last()).toMatchObject({ status: 'ok', handle: 'ada' })
})

test('reports nothing after the end', async () => {
  const { update, stop, asked, states } = setUp()
  update('ada')
  await vi.advanceTimersByTimeAsync(250)
  stop()
  asked[0]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).toHaveLength(1)
})

test.each([
  ['xn--ada', 'one hyphen in a row'],
  ['ab--c', 'one hyphen in a row'],
  ['x_', '3–32 letters'],
  ['ab', '3–32 letters'],
  ['1abc', 'Start with a letter'],
  ['abc-', 'End with a letter'],
])('says why %s is malformed', (handle, reason) => {
  expect(malformedText(handle)).toContain(reason)
})

test.each(['a-b', 'admin'])('accepts the form of %s', (handle) => {
  expect(malformedText(handle)).toBeNull()
})
