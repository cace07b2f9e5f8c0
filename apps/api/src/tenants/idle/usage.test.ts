import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceRow } from '../store.ts'
import { createUsage } from './usage.ts'

it.each([
  [{ gatewayPort: 4000, shellPort: 3000 }, 5],
  [{ gatewayPort: 4000, shellPort: null }, 2],
  [{ gatewayPort: 4000, shellPort: 4000 }, 2],
])('counts what is in flight at %o once', (ports, count) => {
  const row = { id: newId('ins', systemClock), address: { host: '10.0.0.1', ...ports } } as InstanceRow
  const usage = createUsage({
    cache: { all: () => [row].values(), get: () => row },
    now: () => 0,
    monotonic: () => 0,
  })
  usage.report({ counts: { '10.0.0.1:4000': 2, '10.0.0.1:3000': 3 } })
  expect(usage.inFlight(row.id)).toBe(count)
})

it('counts what guests of apps have open as use, until nobody has opened a page for two hours', () => {
  const row = {
    id: newId('ins', systemClock),
    address: { host: '10.0.0.1', gatewayPort: 4000, shellPort: null },
    lastUsedAt: new Date(0),
  } as InstanceRow
  let time = 0
  const cache = { all: () => [row].values(), get: () => row }
  const usage = createUsage({ cache, now: () => time, monotonic: () => time })
  const report = () => usage.report({ counts: {}, grouped: { '10.0.0.1:4000': 3 } })
  const pass = (minutes: number) => {
    time += minutes * 60_000
    report()
  }
  usage.arrive(row.id)
  pass(119)
  expect([usage.lastUsedAt(row.id), usage.isQuiet(row.id)]).toEqual([time, false])
  // They are the edge's to limit, and nobody else's share.
  expect(usage.inFlight(row.id)).toBe(0)
  const last = time
  pass(2)
  usage.touchByGuest(row.id)
  expect([usage.lastUsedAt(row.id), usage.isQuiet(row.id)]).toEqual([last, true])
  usage.arrive(row.id)
  pass(60)
  expect(usage.isQuiet(row.id)).toBe(false)
})
