/** Looks whether the kernel still has the limits of bandwidth: whoever reloads a firewall may empty it. */
import type { Clock } from '../../clock.ts'
import type { SoleRunner } from '../../jobs/sole-runner.ts'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { PolicyOf } from '../policy.ts'
import type { InstanceRow } from '../store.ts'

const LOOK_MS = 10_000

export interface BandwidthWatchOptions {
  policyOf: PolicyOf
  runtime: Pick<Runtime, 'limitsBandwidth' | 'keepsBandwidth'>
  /** One process at a time: two that know different plans would undo each other's work. */
  runner: Pick<SoleRunner, 'hold'>
  clock: Pick<Clock, 'monotonic'>
  log: Log
}

/** Of these, those that have such a limit, where all were found lost just now; else none. */
export function createBandwidthWatch({ policyOf, runtime, runner, clock, log }: BandwidthWatchOptions) {
  let lookedAt = Number.NEGATIVE_INFINITY

  async function isLost(): Promise<boolean> {
    const isDue = clock.monotonic() - lookedAt >= LOOK_MS
    if (!isDue || !runtime.limitsBandwidth() || !(await runner.hold())) return false
    lookedAt = clock.monotonic()
    return !(await runtime.keepsBandwidth())
  }

  return async (rows: (InstanceRow | undefined)[]): Promise<InstanceRow[]> => {
    const limited = rows.flatMap((row) => (row && policyOf(row).limits.bandwidthBytesPerS ? [row] : []))
    if (limited.length === 0) return []
    try {
      if (!(await isLost())) return []
    } catch (error) {
      log.warn({ err: error }, 'could not look whether the limits of bandwidth are there')
      return []
    }
    log.warn('the limits of bandwidth were lost, as when a firewall is reloaded: giving them anew')
    return limited
  }
}
