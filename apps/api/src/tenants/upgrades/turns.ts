/** Whose copy is tried before their computer is switched, and what follows from it. */
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { Candidate } from './instance-store.ts'
import type { RehearsalStore } from './rehearsal-store.ts'
import type { Rehearsals } from './rehearsals.ts'
import { patientLimitOf } from './start-limit.ts'
import type { Rollout } from './store.ts'

export interface TurnsOptions {
  cache: Pick<InstanceCache, 'get'>
  rehearsals: Rehearsals
  /** Gives up on a computer before it was touched. */
  spare: RehearsalStore['spare']
  /** Whether the machine can run a copy of a computer beside the others. */
  hasRoom: () => Promise<boolean>
  log: Log
}

/** `rehearse`: its copy is tried from now on. `leave`: there is nothing to do now. */
export type Turn = 'switch' | 'rehearse' | 'leave'

export function createTurns({ cache, rehearsals, spare, hasRoom, log }: TurnsOptions) {
  return {
    async of({ instanceId }: Candidate, rollout: Rollout): Promise<Turn> {
      const verdict = rehearsals.verdictOn(instanceId)
      if (verdict !== null) return verdict === 'under way' || verdict.is === 'failed' ? 'leave' : 'switch'
      const original = cache.get(instanceId)
      if (!original) return 'leave'
      // Better than to wait for ever, on a server that is always full: what does not run goes back.
      if (!(await hasRoom())) {
        log.warn({ instance: instanceId, handle: original.handle }, 'no memory for a rehearsal')
        return 'switch'
      }
      rehearsals.begin({ original, image: rollout.image, limitMs: patientLimitOf(rollout) })
      return 'rehearse'
    },

    /** Those whose copies did not run keep what they have. */
    async spareFailed({ id, image }: Rollout): Promise<void> {
      for (const { id: instance, why } of rehearsals.takeFailed()) {
        log.warn({ instance, image, why }, 'a copy did not run with the next image: left as it is')
        await spare(id, instance, why)
      }
    },
  }
}
