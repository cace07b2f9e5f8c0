/** How long to wait before a crashed part starts again. */

export interface RestartPolicy {
  /** Milliseconds to wait, given how long the part had lived. */
  next: (livedMs: number) => number
}

/** 0.5 s, doubling to 10 s; a life of 30 s or more begins at 0.5 s again. */
export function createRestartPolicy({
  firstMs = 500,
  maxMs = 10_000,
  resetAfterMs = 30_000,
} = {}): RestartPolicy {
  let delayMs = firstMs
  return {
    next: (livedMs) => {
      const current = livedMs >= resetAfterMs ? firstMs : delayMs
      delayMs = Math.min(current * 2, maxMs)
      return current
    },
  }
}
