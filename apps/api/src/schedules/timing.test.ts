import type { Timing } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { plan, TOO_OFTEN } from './timing.ts'

const cron = (line: string, timezone = 'UTC'): Timing => ({ cron: line, timezone })
const next = (timing: Timing, from: string) => plan(timing, new Date(from)).next.map((at) => at.toISOString())

describe('cron lines', () => {
  it.each([
    ['0 9 * * *', 'UTC', '2026-05-01T08:00:00Z', '2026-05-01T09:00:00.000Z'],
    ['0 9 * * *', 'UTC', '2026-05-01T09:00:00Z', '2026-05-02T09:00:00.000Z'],
    ['0 9 * * 1', 'UTC', '2026-05-01T08:00:00Z', '2026-05-04T09:00:00.000Z'],
    ['*/15 * * * *', 'UTC', '2026-05-01T08:01:00Z', '2026-05-01T08:15:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-05-01T08:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-01-15T00:00:00Z', '2026-01-15T08:00:00.000Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-07-15T00:00:00Z', '2026-07-15T07:00:00.000Z'],
    ['0 9 * * *', 'Asia/Kolkata', '2026-07-15T00:00:00Z', '2026-07-15T03:30:00.000Z'],
  ])('runs %s in %s after %s', (line, zone, from, expected) => {
    expect(next(cron(line, zone), from)[0]).toBe(expected)
  })

  it('runs each day once when the clocks change', () => {
    // In Berlin 2:30 does not exist on 29 March 2026, and comes twice on 25 October.
    const spring = next(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z')
    expect(spring.map((at) => at.slice(0, 10))).toEqual(['2026-03-28', '2026-03-29', '2026-03-30'])
    const autumn = next(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-24T12:00:00Z')
    expect(autumn.map((at) => at.slice(0, 10))).toEqual(['2026-10-25', '2026-10-26', '2026-10-27'])
  })

  it.each([
    ['* * * * *', TOO_OFTEN],
    ['*/4 * * * *', TOO_OFTEN],
    ['0,1 9 * * *', TOO_OFTEN],
    ['59 9 * * *', null],
    ['*/5 * * * *', null],
    ['0 9 * *', 'cron line'],
    ['0 0 9 * * *', 'cron line'],
    ['61 * * * *', 'cron line'],
    ['nonsense', 'cron line'],
    ['@hourly', null],
    ['0 0 30 2 *', 'never run'],
    ['0 9-17/2 1,15 jan-mar MON,fri', null],
    ['0 0 L * *', null],
    ['  0  9 * * *  ', null],
    // What takes long to look through.
    ['*/7 0 15W * +0,1#5', 'cron line'],
    ['0 0 1 * 5#2', 'cron line'],
    ['0 0 * * 5L', 'cron line'],
    ['0 0 1 * +1', 'cron line'],
  ])('says of %s: %s', (line, expected) => {
    const { problem } = plan(cron(line), new Date('2026-05-01T08:00:00Z'))
    if (expected === null) expect(problem).toBe(null)
    else expect(problem).toContain(expected)
  })

  it('does not take a timezone for one that is none', () => {
    expect(plan(cron('0 9 * * *', 'Mars/Olympus'), new Date()).problem).toContain('timezone')
  })
})

it('repeats the heartbeat from now on', () => {
  expect(next({ everyMinutes: 30 }, '2026-05-01T08:01:00Z')).toEqual([
    '2026-05-01T08:31:00.000Z',
    '2026-05-01T09:01:00.000Z',
    '2026-05-01T09:31:00.000Z',
  ])
})
