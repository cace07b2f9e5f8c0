/** The engine's events are hints: they mark instances, and each marked one is checked once. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** After a restart of the engine everything reports at once. */
const CONCURRENCY = 4
/** An instance can make its engine report as fast as it likes (one that runs out of memory again and again). */
const PAUSE_MS = 250

export interface FollowEventsOptions {
  runtime: Pick<Runtime, 'events'>
  /** Compares one instance with what the runtime shows of it. */
  look: (id: InstanceId) => Promise<void>
  /** A program of it was ended for want of memory; it may run on. */
  outOfMemory?: (id: InstanceId) => Promise<void>
  signal: AbortSignal
  log: Log
  /** Least time between two looks at the same instance, ms. */
  pauseMs?: number
}

/** Resolves when the signal ends the events. What was reported while an instance was looked at is looked at once more. */
export async function followEvents(options: FollowEventsOptions): Promise<void> {
  const { runtime, look, signal, log, pauseMs = PAUSE_MS } = options
  const limit = pLimit(CONCURRENCY)
  const dirty = new Set<InstanceId>()
  const busy = new Set<InstanceId>()

  async function settle(id: InstanceId): Promise<void> {
    while (!signal.aborted && dirty.delete(id)) {
      await limit(() => look(id)).catch((error: unknown) =>
        log.warn({ err: error, instance: id }, 'check after an engine event failed'),
      )
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
    busy.delete(id)
  }

  for await (const { id, kind } of runtime.events(signal)) {
    if (kind === 'started' || kind === 'unpaused') continue
    if (kind === 'oom')
      void options
        .outOfMemory?.(id)
        .catch((error: unknown) => log.warn({ err: error, instance: id }, 'failed to note a want of memory'))
    dirty.add(id)
    if (busy.has(id)) continue
    busy.add(id)
    void settle(id)
  }
}
