/** How long a computer may take to be ready with its next image before it goes back. Pure. */
import type { Rollout } from './store.ts'

const SHORTEST_MS = 750
const LONGEST_MS = 30_000
/** A home that is used takes longer than the trial's empty one. */
const SLOWER_THAN_TRIAL = 2

/** Somebody may be waiting meanwhile. Those that start at once share the machine that the trial had to itself. */
export function startLimitOf({ trialMs, atOnce }: Pick<Rollout, 'trialMs' | 'atOnce'>): number {
  const wanted = (trialMs ?? LONGEST_MS) * (SLOWER_THAN_TRIAL + atOnce - 1)
  return Math.min(Math.max(SHORTEST_MS, wanted), LONGEST_MS)
}

const PATIENT_MS = 10_000

/**
 * Of a copy, for which nobody waits, and of a computer whose copy has run: then a slow start is the machine's doing, and to go
 * back would only take longer. What ends instead of starting is noticed at once all the same.
 */
export const patientLimitOf = (rollout: Parameters<typeof startLimitOf>[0]): number =>
  Math.min(Math.max(PATIENT_MS, 2 * startLimitOf(rollout)), LONGEST_MS)
