/**
 * Tries an image before anybody's computer gets it: a container of its own with an empty home of its own, beside all the
 * others, until it is ready. What an image cannot do at all costs nobody a moment that way.
 */
import { FIRST_PLAN, type InstanceId } from '@matrixos/shared'
import { AppError, isDatabaseAway, toAppError } from '../../errors.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { InstanceSpec, Runtime } from '../../ports/runtime.ts'
import { awaitReady, unhealthy } from '../reconcile/ready.ts'
import type { SpecSubject } from '../spec.ts'

/** Of the container and its home: nobody can have this handle, since it holds `--`. */
const HANDLE = 'upgrade--trial'
/** What the program inside is told, which may look whether it is one. */
const NAME = 'trial'

export interface TrialOptions {
  runtime: Pick<Runtime, 'check' | 'start' | 'remove' | 'inspect' | 'logs' | 'slotCount' | 'canClose'>
  homes: Pick<HomeStore, 'make' | 'remove' | 'pathOf'>
  /** Without a token that counts anywhere: what it declares must not be anybody's. */
  specOf: (subject: SpecSubject, slot: number) => InstanceSpec
  monotonic: () => number
}

export interface TrialResult {
  /** How long it took to be ready. */
  ms: number
  /** Whether it needs nothing that it would have to reach for that. */
  runsClosed: boolean
}

export type Trial = ReturnType<typeof createTrial>

export function createTrial({ runtime, homes, specOf, monotonic }: TrialOptions) {
  const subjectOf = (id: InstanceId, image: string): SpecSubject => ({
    ...{ id, handle: NAME, image, generation: 1, tokenGeneration: 1, aiTokenGeneration: 1 },
    plan: FIRST_PLAN,
  })

  /** What a trial leaves behind, also one that was killed. May be repeated. */
  async function clear(id: InstanceId): Promise<void> {
    await runtime.remove(id)
    await homes.remove({ id, handle: HANDLE })
  }

  async function tryOnce(
    id: InstanceId,
    image: string,
    over: AbortSignal,
    isClosed: boolean,
  ): Promise<number> {
    await clear(id)
    await homes.make({ id, handle: HANDLE })
    try {
      // The last one, which is the last to be given to anybody.
      const slots = runtime.slotCount()
      const told = specOf(subjectOf(id, image), Number.isFinite(slots) ? slots - 1 : 0)
      const home = homes.pathOf({ id, handle: HANDLE })
      const spec = { ...told, handle: HANDLE, home, ...(isClosed && { isClosed }) }
      const address = await runtime.start(spec)
      const began = monotonic()
      const started = { runtime, spec, address, limitMs: null }
      const ready = await awaitReady(started, over)
      if (over.aborted) throw new AppError('conflict', 'The trial was given up.')
      if (!ready) throw await unhealthy(started)
      return monotonic() - began
    } finally {
      await clear(id)
    }
  }

  return {
    clear,

    /** Throws an AppError that says what the image lacks. */
    async run(id: InstanceId, image: string, over: AbortSignal): Promise<TrialResult> {
      await runtime.check(image)
      // Most need nothing from outside to be ready; one that does is not to fail for that.
      if (runtime.canClose()) {
        const ms = await tryOnce(id, image, over, true).catch((error: unknown) => {
          if (over.aborted || toAppError(error).code === 'engine_down' || isDatabaseAway(error)) throw error
          return null
        })
        if (ms !== null) return { ms, runsClosed: true }
      }
      return { ms: await tryOnce(id, image, over, false), runsClosed: false }
    },
  }
}
