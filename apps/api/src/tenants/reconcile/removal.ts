/** Removes an instance and its account: all steps first, so a kill in between leaves a row that asks for the rest. */
import { isDatabaseAway } from '../../errors.ts'
import type { InstanceRow } from '../store.ts'
import type { createConclude } from './conclude.ts'
import type { PerformOptions, Rest } from './perform.ts'
import { takeSteps } from './steps.ts'

interface RemovalOptions
  extends Pick<PerformOptions, 'store' | 'cache' | 'steps' | 'clock' | 'quarantineMs'>,
    ReturnType<typeof createConclude> {
  /** Writes down a step of the row. */
  record: (row: InstanceRow) => (doneStep: string) => Promise<void>
}

export function createRemoval(options: RemovalOptions) {
  const { store, cache, steps, record, finish, failure, clock, quarantineMs } = options
  return async (row: InstanceRow): Promise<Rest> => {
    try {
      await takeSteps({ steps, action: 'remove', row, record: record(row) })
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      return async () => finish(row, await failure(row, 'remove', null, error))
    }
    return async () => {
      await store.removeAccount(row, new Date(clock.now() + quarantineMs))
      cache.evict(row.id)
    }
  }
}
