/** What a row shows when an upgrade is taken back: the image and the container that it had before. Pure. */
import type { ErrorCode } from '@matrixos/shared'
import type { InstanceRow } from '../store.ts'
import type { Outcome } from './store.ts'

/** Of those that a start may fail with: what another image may be the cure for. */
const OF_THE_IMAGE: ReadonlySet<ErrorCode> = new Set(['instance_unhealthy', 'image_missing'])

export const isOfTheImage = (code: ErrorCode): boolean => OF_THE_IMAGE.has(code)

/** `null`: there is nothing to go back to. What it shows is to be started as any that sleeps is. */
export function goBack({ formerImage, formerGeneration }: InstanceRow): Outcome | null {
  if (!formerImage || !formerGeneration) return null
  return {
    observed: 'stopped',
    step: null,
    error: null,
    failures: 0,
    nextAttemptAt: null,
    address: null,
    doneSteps: [],
    image: formerImage,
    generation: formerGeneration,
    ...NOTHING_TO_GO_BACK_TO,
  }
}

export const NOTHING_TO_GO_BACK_TO = {
  formerImage: null,
  formerGeneration: null,
  startLimitMs: null,
} as const
