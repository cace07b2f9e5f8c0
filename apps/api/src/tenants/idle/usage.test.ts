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
