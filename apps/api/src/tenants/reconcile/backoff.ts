/** When a failed step is retried. */

const FIRST_MS = 1_000
const LONGEST_MS = 5 * 60_000

/** 1 s, 2 s, 4 s … at most 5 min, for the first, second, third … failure in a row. */
export const retryDelayMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, Math.min(failures, 20) - 1))
