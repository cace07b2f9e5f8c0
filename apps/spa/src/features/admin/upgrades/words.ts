/** Upgrades as administrators read them. */
import type { RolloutStep, RolloutView } from '@matrixos/shared'

/** In the order in which computers go through them. */
export const STEP_WORDS: Record<RolloutStep, string> = {
  waiting: 'Waiting',
  trying: 'Being upgraded',
  done: 'Upgraded',
  lazy: 'At their next wake',
  rolled_back: 'Kept the one before',
  skipped: 'Left as they were',
}

export const STEPS = Object.keys(STEP_WORDS) as RolloutStep[]

type Tone = 'accent' | 'warn' | 'danger' | 'plain'

export function stateWords({ state, kind, trial, reason }: RolloutView): { label: string; tone: Tone } {
  if (state === 'stopped')
    return reason === null ? { label: 'Stopped', tone: 'plain' } : { label: 'Failed', tone: 'danger' }
  if (state === 'done') return { label: kind === 'rollback' ? 'Rolled back' : 'Done', tone: 'accent' }
  return { label: trial === 'passed' ? 'Under way' : 'Trying the image', tone: 'warn' }
}

/** Share of the way done, 0 to 1. */
export function shareDone({ counts, state }: RolloutView): number {
  const total = STEPS.reduce((sum, step) => sum + (counts[step] ?? 0), 0)
  const open = (counts.waiting ?? 0) + (counts.trying ?? 0)
  return total === 0 ? (state === 'done' ? 1 : 0) : 1 - open / total
}
