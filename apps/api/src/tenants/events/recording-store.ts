/** The instances' store, which notes for the timelines what the reconciler and the resync write. */
import type { Clock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import { trackSince } from '../reconcile/track-since.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { eventOfDrift, eventOfOutcome, type RowEvent } from './event-of.ts'
import type { EventRecorder } from './recorder.ts'

export interface RecordingStoreOptions {
  store: TenantStore
  cache: Pick<InstanceCache, 'all' | 'get' | 'onChange'>
  note: EventRecorder['note']
  clock: Pick<Clock, 'monotonic'>
}

export function recordingStore({ store, cache, note, clock }: RecordingStoreOptions): TenantStore {
  // From the wish to the healthy instance; what waited before this process began is taken to wait since then.
  const waitsSince = trackSince({
    cache,
    clock,
    tracked: ({ desired, observed }) => (desired === 'awake' && observed !== 'running' ? 'waits' : null),
    initially: clock.monotonic(),
  })

  function tell({ id }: InstanceRow, event: RowEvent | null, since: number | undefined): void {
    if (!event) return
    const isWake = event.kind === 'woke' && since !== undefined
    note(id, event.kind, { detail: event.detail, durationMs: isWake ? clock.monotonic() - since : null })
  }

  return {
    ...store,

    async finish(row, owner, outcome) {
      const before = cache.get(row.id)
      const since = waitsSince().get(row.id)
      const written = await store.finish(row, owner, outcome)
      if (before && written) tell(written, eventOfOutcome(before, written), since)
      return written
    },

    async observe(row, seen, rule) {
      const written = await store.observe(row, seen, rule)
      if (written) tell(written, eventOfDrift(row, written), undefined)
      return written
    },
  }
}
