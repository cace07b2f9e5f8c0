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
