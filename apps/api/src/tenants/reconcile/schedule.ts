/** When each instance is checked: never twice at once, again after a pause, and with back-off after failures. */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'

export interface ScheduleOptions {
  /** Looks at one instance; resolves with milliseconds until the next look, or `null`. */
  settle: (id: InstanceId, isClosed: () => boolean) => Promise<number | null>
  /** Told of a look that failed, and how many failed in a row by then; returns milliseconds until the next. */
  onError: (error: unknown, id: InstanceId, failures: number) => number
  clock: Pick<Clock, 'monotonic'>
}

export function createSchedule({ settle, onError, clock }: ScheduleOptions) {
  const busy = new Map<InstanceId, Promise<void>>()
  const again = new Set<InstanceId>()
  const timers = new Map<InstanceId, NodeJS.Timeout>()
  /** What fails in ways that no row can tell rests here, whoever asks for a look meanwhile. */
  const pauses = new Map<InstanceId, { failures: number; until: number }>()
  let closed = false
  const isClosed = () => closed

  /** Asks for a look at one instance; looks at the same instance never overlap in this process. */
  function enqueue(id: InstanceId): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
    if (closed) return
    if (busy.has(id)) {
      again.add(id)
      return
    }
    const pauseMs = (pauses.get(id)?.until ?? Number.NEGATIVE_INFINITY) - clock.monotonic()
    if (pauseMs > 0) {
      later(id, pauseMs)
      return
    }
    // Not at once: an enqueue from within must find it busy.
    const run = Promise.resolve(id)
      .then(look)
      .finally(() => {
        busy.delete(id)
        if (again.delete(id)) enqueue(id)
      })
    busy.set(id, run)
  }

  async function look(id: InstanceId): Promise<void> {
    try {
      const wait = await settle(id, isClosed)
      pauses.delete(id)
      if (wait !== null) later(id, wait)
    } catch (error) {
      const failures = (pauses.get(id)?.failures ?? 0) + 1
      const wait = onError(error, id, failures)
      pauses.set(id, { failures, until: clock.monotonic() + wait })
      later(id, wait)
    }
  }

  function later(id: InstanceId, ms: number): void {
    clearTimeout(timers.get(id))
    if (!closed) timers.set(id, setTimeout(enqueue, ms, id).unref())
  }

  return {
    enqueue,
    /** Waits for the looks under way; starts no other. */
    async close(): Promise<void> {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(busy.values())
    },
  }
}
