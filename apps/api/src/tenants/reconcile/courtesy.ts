/**
 * Lets wakes go ahead of computers that are being made, stopped, or put away: a start takes a machine's cores for a third of a second, and
 * two at once take twice as long. Whoever signed up sees progress; whoever comes back to a computer sees nothing until it is there.
 */
import { setTimeout as delay } from 'node:timers/promises'

/** Wakes without end hold up anything else for this long. */
const LONGEST_MS = 1_000
/** A stop that begins right before a wake takes as much from it as one that begins right after it. */
const MOMENT_MS = 100

export type Courtesy = ReturnType<typeof createCourtesy>

export function createCourtesy({ longestMs = LONGEST_MS, momentMs = MOMENT_MS } = {}) {
  let wakes = 0
  let idle = Promise.withResolvers<void>()

  /** Resolves when nobody is to go first any more, or after a while all the same. */
  async function wait(): Promise<void> {
    const over = new AbortController()
    const enough = delay(longestMs, undefined, { signal: over.signal }).catch(() => undefined)
    const none = async () => {
      while (wakes > 0 && !over.signal.aborted) await idle.promise
    }
    await Promise.race([none(), enough])
    over.abort()
  }

  return {
    wait,

    /** For what nobody waits for: lets those go first as well who come within a moment. */
    async waitAMoment(): Promise<void> {
      await delay(momentMs)
      await wait()
    },

    /** Others wait meanwhile. */
    async first<T>(work: () => Promise<T>): Promise<T> {
      if (wakes++ === 0) idle = Promise.withResolvers<void>()
      try {
        return await work()
      } finally {
        if (--wakes === 0) idle.resolve()
      }
    },
  }
}
