/**
 * Since when rows have been as they are, by this process's own monotonic clock: times in rows are the database's, and
 * no clock of a process may be compared with them.
 */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'

export interface TrackSinceOptions {
  cache: Pick<InstanceCache, 'all' | 'onChange'>
  clock: Pick<Clock, 'monotonic'>
  /** What is tracked of a row; another value starts its time anew, and `null` ends it. */
  tracked: (row: InstanceRow) => string | null
  /** Monotonic milliseconds taken for rows that are there already. */
  initially: number
}

/** Answers with the monotonic milliseconds since when each row has had its value. */
export function trackSince(options: TrackSinceOptions): () => ReadonlyMap<InstanceId, number> {
  const { cache, clock, tracked, initially } = options
  const values = new Map<InstanceId, string>()
  const since = new Map<InstanceId, number>()

  function note(row: InstanceRow, value: string | null, at: number): void {
    if (value === null) {
      values.delete(row.id)
      since.delete(row.id)
    } else if (values.get(row.id) !== value) {
      values.set(row.id, value)
      since.set(row.id, at)
    }
  }

  for (const row of cache.all()) note(row, tracked(row), initially)
  cache.onChange(({ row, removed }) => note(row, removed ? null : tracked(row), clock.monotonic()))
  return () => since
}
