/** Lets one call at a time, of all api processes, sign an account in at the homeserver. */
import type { SoleRunner } from '../jobs/sole-runner.ts'
import type { Log } from '../log.ts'

export interface SignInsOptions {
  /** The lease of one account. */
  runnerOf: (localpart: string) => SoleRunner
  log: Log
}

export function createSignIns({ runnerOf, log }: SignInsOptions) {
  // Two calls of one instance are two askers, also in one process.
  const inHand = new Set<string>()
  return {
    /** `false`: another is about to. */
    async hold(localpart: string): Promise<boolean> {
      if (inHand.has(localpart)) return false
      inHand.add(localpart)
      const isOurs = await runnerOf(localpart)
        .hold()
        .catch(() => false)
      if (!isOurs) inHand.delete(localpart)
      return isOurs
    },

    /** Never throws: what was signed in is given out all the same, and nothing stays in hand here. */
    async release(localpart: string): Promise<void> {
      await runnerOf(localpart)
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'the lease of a sign-in runs out by itself'))
      inHand.delete(localpart)
    },
  }
}
