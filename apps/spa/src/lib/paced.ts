/** Steps that pass too fast to be seen, slowed down: each is shown for a moment, and nothing is shown before it is so. */
import { FIRST_START_STEPS as NAMES, type Step } from '@matrixos/shared'

/** How long a first start is shown at least, however fast it was. */
export const FIRST_START_MS = 1_500

/** The step to show after `elapsedMs` of looking, when `step` is the true one. From `FIRST_START_MS` on they agree. */
export function pacedStep(step: Step, elapsedMs: number): Step {
  const passed = Math.floor((elapsedMs / FIRST_START_MS) * (NAMES.length - 1))
  return NAMES[Math.min(NAMES.indexOf(step), passed)] ?? step
}
