/** Rehearsals with copies that are gone afterwards: each is in a row from before it is made until nothing of it is left. */
import { type InstanceId, newId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Original, Rehearsal, Verdict } from './rehearsal.ts'
import type { RehearsalStore } from './rehearsal-store.ts'

/** Files that were copied while a program wrote them may be what it stumbles over: one that fails is tried again. */
const ATTEMPTS = 2

/** What an upgrade wants to know. */
export interface Rehearsing {
  original: Original
  image: string
  limitMs: number
}

export interface CopiesOptions {
  store: Pick<RehearsalStore, 'note' | 'forget' | 'all'>
  rehearsal: Rehearsal
  clock: Clock
}

export function createCopies({ store, rehearsal, clock }: CopiesOptions) {
  /** Of this process. */
  const own = new Set<InstanceId>()

  async function clear(id: InstanceId): Promise<void> {
    await rehearsal.clear(id)
    await store.forget(id)
  }

  async function attempt(rehearsing: Rehearsing, over: AbortSignal): Promise<Verdict> {
    const id = newId('ins', clock)
    own.add(id)
    try {
      await store.note(id)
      const verdict = await rehearsal.run({ ...rehearsing, id, over })
      await clear(id)
      return verdict
    } finally {
      // What could not be removed now is found in its row.
      own.delete(id)
    }
  }

  return {
    async decide(rehearsing: Rehearsing, over: AbortSignal): Promise<Verdict> {
      for (let left = ATTEMPTS - 1; ; left--) {
        const verdict = await attempt(rehearsing, over)
        if (verdict.is !== 'failed' || left === 0) return verdict
      }
    },

    /** Whether there are some that this process does not work with. */
    hasLeft: async (): Promise<boolean> => (await store.all()).some((id) => !own.has(id)),

    /** Removes what dead processes have left. Only for who drives the upgrade. */
    async clearLeft(): Promise<void> {
      for (const id of await store.all()) if (!own.has(id)) await clear(id)
    },
  }
}
