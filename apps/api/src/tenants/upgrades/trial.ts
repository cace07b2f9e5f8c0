/**
 * Tries an image before anybody's computer gets it: a container of its own with an empty home of its own, beside all the
 * others, until it is ready. What an image cannot do at all costs nobody a moment that way.
 */
import { FIRST_PLAN, type InstanceId } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { InstanceSpec, Runtime } from '../../ports/runtime.ts'
import { awaitReady, unhealthy } from '../reconcile/ready.ts'
import type { SpecSubject } from '../spec.ts'

/** Of the container and its home: nobody can have this handle, since it holds `--`. */
const HANDLE = 'upgrade--trial'
/** What the program inside is told, which may look whether it is one. */
const NAME = 'trial'

export interface TrialOptions {
  runtime: Pick<Runtime, 'check' | 'start' | 'remove' | 'inspect' | 'logs' | 'slotCount'>
  homes: Pick<HomeStore, 'make' | 'remove' | 'pathOf'>
  /** Without a token that counts anywhere: what it declares must not be anybody's. */
  specOf: (subject: SpecSubject, slot: number) => InstanceSpec
  monotonic: () => number
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

  return {
    clear,

    /** Resolves with how long it took to be ready, in milliseconds. Throws an AppError that says what it lacks. */
    async run(id: InstanceId, image: string, over: AbortSignal): Promise<number> {
      await clear(id)
      await runtime.check(image)
      await homes.make({ id, handle: HANDLE })
      try {
        // The last one, which is the last to be given to anybody.
        const slots = runtime.slotCount()
        const told = specOf(subjectOf(id, image), Number.isFinite(slots) ? slots - 1 : 0)
        const spec = { ...told, handle: HANDLE, home: homes.pathOf({ id, handle: HANDLE }) }
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
    },
  }
}
