// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TextPlace } from './target.ts'
import { useKeptPlace } from './use-kept-place.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function window(first: unknown) {
  const setTarget = vi.fn()
  const goTo = vi.fn()
  let place: TextPlace | null = { line: 1, column: 1, top: 1 }
  const editor = { current: { goTo, place: () => place } }
  const { result, rerender } = renderHook(
    (target: unknown) => useKeptPlace({ path: 'a.txt', target, setTarget, editor }),
    { initialProps: first },
  )
  return {
    ...{ setTarget, goTo, rerender },
    move: (next: TextPlace | null) => {
      place = next
      result.current()
    },
  }
}

test('keeps the place once somebody rests there, and does not follow itself', () => {
  const { move, setTarget, goTo, rerender } = window({ path: 'a.txt' })
  move({ line: 2, column: 1, top: 1 })
  move({ line: 3, column: 4, top: 2 })
  expect(setTarget).not.toHaveBeenCalled()
  vi.runAllTimers()
  expect(setTarget.mock.calls).toEqual([[{ path: 'a.txt', line: 3, column: 4, top: 2 }]])
  rerender(setTarget.mock.calls[0]?.[0])
  expect(goTo).not.toHaveBeenCalled()
})

test('goes where somebody else asks', () => {
  const { goTo, rerender } = window({ path: 'a.txt' })
  rerender({ path: 'a.txt', line: 9 })
  expect(goTo.mock.calls).toEqual([[{ path: 'a.txt', line: 9 }]])
})

test('knows the place still when the file is opened again without one', () => {
  const { move, setTarget, rerender } = window({ path: 'a.txt' })
  move({ line: 3, column: 4, top: 2 })
  vi.runAllTimers()
  rerender({ path: 'a.txt' })
  expect(setTarget).toHaveBeenLastCalledWith({ path: 'a.txt', line: 3, column: 4, top: 2 })
})

test('keeps nothing while it is not to be seen', () => {
  const { move, setTarget } = window({ path: 'a.txt' })
  move(null)
  vi.runAllTimers()
  expect(setTarget).not.toHaveBeenCalled()
})
