/**
 * Finds what computes at its limit without a pause, as mining does: it is held to its share of the CPU until it has been
 * calm for a while, or an administrator lifts that. From samples in the database, so that it outlives this process.
 */
import { isUp } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { type PolicyOf, shareQuotaUs } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import type { WatchStore } from './watch-store.ts'

interface Burning {
  /** In these times `burnMs`. */
  times: number
  /** Of what it may use at most. */
  share: number
  /** Between two looks, in times `burnMs`: one over hours reads many samples. */
  every: number
}

/** The second is for what pauses, or ends and comes again, so that the first does not find it. */
const BURNING: readonly Burning[] = [
  { times: 1, share: 0.9, every: 0 },
  { times: 6, share: 0.6, every: 1 / 3 },
]
/** A look may have been missed. What else was not seen counts as time without work: who starts anew all the time is seen less. */
const COVERED = 0.9
/** Of its share. */
const CALM = 0.5
const PERIOD_MS_PER_US = 1 / 100_000

export interface BurnWatchOptions {
  store: Pick<WatchStore, 'cpuSince' | 'throttle' | 'endThrottle'>
  cache: Pick<InstanceCache, 'all' | 'publish'>
  policyOf: PolicyOf
  note: EventRecorder['note']
  clock: Pick<Clock, 'now'>
  log: Log
  /** How long it has burned before it is throttled (`null`: nothing is), and how long it is calm before that ends. */
  burnMs: number | null
  calmMs: number
}

export function createBurnWatch(options: BurnWatchOptions) {
  const { store, cache, policyOf, note, clock, log, burnMs, calmMs } = options

  const coresOf = (quotaUs: number): number => quotaUs * PERIOD_MS_PER_US

  const lookedAt = new Map<Burning, number>()

  async function throttleBurning(rows: InstanceRow[], burning: Burning): Promise<void> {
    if (burnMs === null || rows.length === 0) return
    const now = clock.now()
    if (now - (lookedAt.get(burning) ?? Number.NEGATIVE_INFINITY) < burning.every * burnMs) return
    lookedAt.set(burning, now)
    const overMs = burning.times * burnMs
    const seen = await store.cpuSince(new Date(now - overMs))
    for (const row of rows) {
      const { limits } = policyOf(row)
      const mostUs = limits.cpuQuotaUs * burning.share
      const used = seen.get(row.id)
      // Whose share is all that it may use has nothing to be held to.
      if (!used || shareQuotaUs(limits) >= mostUs) continue
      if (used.cpuMs / Math.max(used.overMs, overMs * COVERED) < coresOf(mostUs)) continue
      const written = await store.throttle(row.id, new Date(now))
      if (!written) continue
      cache.publish(written)
      note(row.id, 'throttled')
      log.warn({ instance: row.id, handle: row.handle }, 'held to its share: it computed without a pause')
    }
  }

  async function freeCalm(rows: InstanceRow[]): Promise<void> {
    const now = clock.now()
    const due = rows.filter(({ throttledAt }) => throttledAt && throttledAt.getTime() <= now - calmMs)
    if (due.length === 0) return
    const seen = await store.cpuSince(new Date(now - calmMs))
    for (const row of due) {
      const used = seen.get(row.id) ?? { cpuMs: 0, overMs: 0 }
      // What sleeps is calm. Of what is up, only what was seen counts: nobody may have looked meanwhile.
      if (isUp(row) && used.overMs < calmMs * COVERED) continue
      const cores = used.cpuMs / calmMs
      if (cores >= coresOf(policyOf(row).limits.cpuQuotaUs) * CALM) continue
      const written = await store.endThrottle(row.id, new Date(now))
      if (!written) continue
      cache.publish(written)
      note(row.id, 'unthrottled')
    }
  }

  return {
    /** One round: a look at the samples for all that run, another where somebody may be let go. */
    async run(): Promise<void> {
      for (const burning of BURNING) {
        // Anew, without those that were throttled just now.
        const free = [...cache.all()].filter(
          ({ observed, throttledAt }) => observed === 'running' && !throttledAt,
        )
        await throttleBurning(free, burning)
      }
      const rows = [...cache.all()]
      await freeCalm(rows.filter(({ throttledAt }) => throttledAt))
    },
  }
}
