/**
 * How long a row asks to be left alone: while another process has its lease, and until its next attempt. Both times
 * may be of a clock that is far from this process's, so neither is waited for longer than was meant, counted from when
 * this process saw it first.
 */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import { longestWaitMs } from './outcome.ts'
import { LEASE_MS } from './store.ts'
import { trackSince } from './track-since.ts'

/** After the end of a lease, so that it has ended at the database too. */
const MARGIN_MS = 50

export interface RowWaitsOptions {
  cache: Pick<InstanceCache, 'all' | 'onChange'>
  processId: string
  clock: Pick<Clock, 'now' | 'monotonic'>
}

/** Answers with milliseconds; 0: now. */
export function createRowWaits({ cache, processId, clock }: RowWaitsOptions): (row: InstanceRow) => number {
  const initially = clock.monotonic()
  const foreignLease = ({ leaseOwner, leaseUntil }: InstanceRow): Date | null =>
    leaseOwner === null || leaseOwner === processId ? null : leaseUntil
  const track = (tracked: (row: InstanceRow) => string | null) =>
    trackSince({ cache, clock, tracked, initially })
  const leasedSince = track((row) => foreignLease(row)?.toISOString() ?? null)
  const pausedSince = track(({ nextAttemptAt }) => nextAttemptAt?.toISOString() ?? null)

  const left = (
    until: Date | null,
    mostMs: number,
    since: ReadonlyMap<InstanceId, number>,
    id: InstanceId,
  ) => {
    if (!until) return 0
    const now = clock.monotonic()
    return Math.min(until.getTime() - clock.now(), (since.get(id) ?? now) + mostMs - now)
  }

  return (row) => {
    const lease = foreignLease(row)
    const leased = lease ? left(lease, LEASE_MS, leasedSince(), row.id) + MARGIN_MS : 0
    return Math.max(0, leased, left(row.nextAttemptAt, longestWaitMs(row), pausedSince(), row.id))
  }
}
