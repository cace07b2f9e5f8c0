/**
 * Notes what happens to instances, for their timelines and the platform's figures. Nothing waits for it and nothing
 * fails by it: it collects in memory and writes several at once, a moment later.
 */
import type { InstanceEventKind, InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { EventStore, InstanceEvent } from './store.ts'

export interface EventRecorderOptions {
  store: Pick<EventStore, 'insert' | 'deleteBefore' | 'keepNewest'>
  clock: Pick<Clock, 'now'>
  log: Log
}

export type EventRecorder = ReturnType<typeof createEventRecorder>

const FLUSH_MS = 1_000
/** Kept while the database is away; of more, the oldest are lost. */
const MOST_WAITING = 10_000
const BATCH = 500
const LIFE_MS = 90 * 86_400_000
const MOST_PER_INSTANCE = 1_000

export function createEventRecorder({ store, clock, log }: EventRecorderOptions) {
  let waiting: InstanceEvent[] = []
  /** Had something noted since their timelines were last cut. */
  const grown = new Set<InstanceId>()

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH)
      await store.insert(batch)
      const written = new Set(batch)
      waiting = waiting.filter((event) => !written.has(event))
      for (const { instanceId } of batch) grown.add(instanceId)
    }
  }

  const loop = startLoop('instance-events', FLUSH_MS, log, flush)

  return {
    /** `durationMs`: how long it took, where that is known. `detail`: of a failure, its code. */
    note(
      instanceId: InstanceId,
      kind: InstanceEventKind,
      { durationMs = null, detail = null }: { durationMs?: number | null; detail?: string | null } = {},
    ): void {
      const whole = durationMs === null ? null : Math.max(0, Math.round(durationMs))
      waiting.push({ instanceId, kind, at: new Date(clock.now()), durationMs: whole, detail })
      if (waiting.length > MOST_WAITING) waiting.shift()
    },

    flush,

    /** Forgets what is older than 90 days, and of one instance all but the last 1,000. */
    async deleteOld(): Promise<void> {
      await store.deleteBefore(new Date(clock.now() - LIFE_MS))
      for (const id of [...grown]) {
        await store.keepNewest(id, MOST_PER_INSTANCE)
        grown.delete(id)
      }
    },

    async close(): Promise<void> {
      await loop.close()
      await flush().catch((error: unknown) => log.warn({ err: error }, 'the last events were lost'))
    },
  }
}
