import { expect, test, vi } from 'vitest'
import { createRestarts, restartWords } from './restarts.ts'

const hello = (run: string, isAfterCrash: boolean) => ({ type: 'hello', run, isAfterCrash }) as const

test('tells of a computer that was killed while the page was at it, and of no other start', () => {
  const onRestart = vi.fn()
  const { receive } = createRestarts(onRestart)
  // How it was before this page came is not its business.
  receive(hello('one', true))
  // The connection was lost, and is back.
  receive(hello('one', true))
  receive({ type: 'pong' })
  // It slept.
  receive(hello('two', false))
  expect(onRestart).not.toHaveBeenCalled()
  receive(hello('three', true))
  expect(onRestart).toHaveBeenCalledOnce()
  receive(hello('three', true))
  expect(onRestart).toHaveBeenCalledOnce()
})

test('says why, where that is known', () => {
  expect(restartWords('It ran out of memory and was stopped.')).toMatch(
    /^This computer ran out of memory and was stopped. It is running again/,
  )
  expect(restartWords(null)).toMatch(/^This computer stopped by itself. It is running again/)
})
