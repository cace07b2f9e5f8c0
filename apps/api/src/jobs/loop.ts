/** Repeats a task for ever: the next run begins a fixed time after the last one ended. Failures are logged. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'

export interface Loop {
  /** Ends the wait and the loop; resolves when a run under way is over. */
  close: () => Promise<void>
}

export function startLoop(name: string, intervalMs: number, log: Log, task: () => Promise<void>): Loop {
  const over = new AbortController()
  const run = async () => {
    while (!over.signal.aborted) {
      await task().catch((error: unknown) =>
        log.warn({ err: error, loop: name }, 'run failed; the next one follows'),
      )
      await delay(intervalMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
  }
  const ended = run()
  return {
    close: () => {
      over.abort()
      return ended
    },
  }
}
