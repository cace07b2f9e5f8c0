import type { InFlightReport } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { manualTimers } from '../testing/manual-timers.ts'
import { startInFlightReports } from './in-flight.ts'

it('reports on and on, and never what it could not read', async () => {
  const timers = manualTimers()
  const reported: InFlightReport[] = []
  let readable = true
  const reports = startInFlightReports({
    read: async () => {
      if (!readable) throw new Error('Caddy is down.')
      return { '127.0.0.1:4000': 2 }
    },
    grouped: () => ({ '127.0.0.1:4001': 1 }),
    report: async (report) => reported.push(report),
    intervalMs: 2000,
    log: pino({ level: 'silent' }),
    timers,
  })
  await timers.pass(4000)
  expect(reported).toEqual(
    Array(3).fill({ counts: { '127.0.0.1:4000': 2 }, grouped: { '127.0.0.1:4001': 1 } }),
  )
  readable = false
  await timers.pass(10_000)
  expect(reported).toHaveLength(3)
  readable = true
  await timers.pass(2000)
  expect(reported).toHaveLength(4)
  reports.close()
  await timers.pass(10_000)
  expect(reported).toHaveLength(4)
})
