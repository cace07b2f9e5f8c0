/** Time as an argument. */

export interface Timers {
  /** Milliseconds since some fixed moment. */
  now: () => number
  /** Runs `then` once, unless the returned function is called before. */
  after: (ms: number, then: () => void) => () => void
}

export const realTimers: Timers = {
  now: Date.now,
  after: (ms, then) => {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** Doubles from `first` to `most` milliseconds with every failure in a row. */
export const backOff = (failures: number, first = 250, most = 10_000): number =>
  Math.min(most, first * 2 ** Math.max(0, failures - 1))
