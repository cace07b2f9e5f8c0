/** Time that passes only when a test says so. */
import type { Timers } from '../timers.ts'

export interface ManualTimers extends Timers {
  /** Passes that many milliseconds, running what falls due, and lets promises settle in between. */
  pass: (ms: number) => Promise<void>
  /** How many wait for their time. */
  pending: () => number
}

export function manualTimers(): ManualTimers {
  let now = 0
  const pending = new Set<{ at: number; then: () => void }>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    pending: () => pending.size,
    after: (ms, then) => {
      const entry = { at: now + ms, then }
      pending.add(entry)
      return () => pending.delete(entry)
    },
    pass: async (ms) => {
      const end = now + ms
      for (;;) {
        await settle()
        const next = [...pending].sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        pending.delete(next)
        now = Math.max(now, next.at)
        next.then()
      }
      now = end
    },
  }
}
