import { expect, test } from 'vitest'
import { createStopwatch, type LongRun } from './stopwatch.ts'

function watch() {
  const ended: LongRun[] = []
  let time = 0
  const stopwatch = createStopwatch({ now: () => time, longMs: 10_000, onEnd: (run) => void ended.push(run) })
  return {
    ended,
    stop: stopwatch.stop,
    at(now: number, program: string | null) {
      time = now
      stopwatch.seen(program)
    },
  }
}

test('tells once of what ran for long, and nothing of what did not', () => {
  const { at, ended } = watch()
  at(0, 'ls')
  at(9_999, null)
  expect(ended).toEqual([])
  at(20_000, 'make')
  at(25_000, 'make')
  at(30_000, null)
  at(50_000, null)
  expect(ended).toEqual([{ program: 'make', ranMs: 10_000 }])
})

test('takes a list of commands for one run', () => {
  const { at, ended } = watch()
  at(0, 'configure')
  at(6_000, 'make')
  at(12_000, null)
  expect(ended).toEqual([{ program: 'make', ranMs: 12_000 }])
})

test('says nothing of what ends with its terminal', () => {
  const { at, stop, ended } = watch()
  at(0, 'make')
  stop()
  at(30_000, 'make')
  at(60_000, null)
  expect(ended).toEqual([])
})
