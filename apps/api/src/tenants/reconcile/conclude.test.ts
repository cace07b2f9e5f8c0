import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceAddress } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import { createConclude } from './conclude.ts'
import type { Outcome } from './store.ts'

const address: InstanceAddress = { host: '10.0.0.2', port: 4000 } as unknown as InstanceAddress
const row = { id: 'ins_1' } as unknown as InstanceRow

function setUp(finish: () => Promise<InstanceRow | null>) {
  const served: string[] = []
  const { finish: conclude } = createConclude({
    store: { finish },
    cache: { publish: (written: unknown) => written, reloadOne: async () => {} } as unknown as InstanceCache,
    serving: {
      announce: (id: string) => {
        served.push(`${id} is served`)
        return () => void served.push(`${id} is served by its row`)
      },
    } as never,
    engine: { isAway: async () => false },
    wentBack: () => undefined,
    processId: 'api-1',
    clock: systemClock,
    log: pino({ level: 'silent' }),
  })
  return { served, conclude }
}

const outcome = (observed: Outcome['observed']) => ({ observed, address }) as Outcome

it('lets visitors in while what runs is being written down, and not a moment longer', async () => {
  const writing = Promise.withResolvers<InstanceRow | null>()
  const { served, conclude } = setUp(() => writing.promise)
  const concluded = conclude(row, outcome('running'))
  expect(served).toEqual(['ins_1 is served'])
  writing.resolve(row)
  await concluded
  expect(served).toEqual(['ins_1 is served', 'ins_1 is served by its row'])
})

it('lets nobody in for longer where it cannot be written down', async () => {
  const { served, conclude } = setUp(() => Promise.reject(new Error('The database is away.')))
  await expect(conclude(row, outcome('running'))).rejects.toThrow('The database is away.')
  expect(served).toEqual(['ins_1 is served', 'ins_1 is served by its row'])
})

it('lets nobody in to what has stopped', async () => {
  const { served, conclude } = setUp(async () => row)
  await conclude(row, outcome('stopped'))
  expect(served).toEqual([])
})
