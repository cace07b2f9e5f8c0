/**
 * Sees to it that what is up has the limits that its plan gives it now: an administrator's change reaches it without a
 * restart. What the engine refuses is tried again, less and less often, until both agree.
 */
import { type InstanceId, isUp } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { HomeStore } from '../../ports/home-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { PolicyOf } from '../policy.ts'
import { retryDelayMs } from '../reconcile/backoff.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { type BandwidthWatchOptions, createBandwidthWatch } from './bandwidth-watch.ts'

export interface LimitsKeeperOptions extends BandwidthWatchOptions {
  cache: Pick<InstanceCache, 'all' | 'get'>
  policyOf: PolicyOf
  runtime: Pick<Runtime, 'update' | 'limitsBandwidth' | 'keepsBandwidth'>
  homes: Pick<HomeStore, 'attach'>
}

/** After a start, all that runs is asked about: not one by one, and with room at the engine for who visits. */
const AT_ONCE = 4

interface Refused {
  wanted: string
  times: number
  nextAt: number
}

export function createLimitsKeeper(options: LimitsKeeperOptions) {
  const { cache, policyOf, runtime, homes, runner, clock, log } = options
  /** What each was last found or made to have. A start gives the limits that its process knew, so it counts for nothing. */
  const agreed = new Map<InstanceId, string>()
  const refused = new Map<InstanceId, Refused>()
  let saidUnlimited = false
  const lostBandwidth = createBandwidthWatch(options)

  const wantedBy = (row: InstanceRow) => {
    const { limits, storage } = policyOf(row)
    return `${row.generation} ${JSON.stringify([limits, storage])}`
  }

  function isDue(row: InstanceRow): boolean {
    const wanted = wantedBy(row)
    const before = refused.get(row.id)
    const isLater = before?.wanted === wanted && before.nextAt > clock.monotonic()
    return agreed.get(row.id) !== wanted && !isLater
  }

  function forgetWhatSleeps(): void {
    for (const id of new Set([...agreed.keys(), ...refused.keys()])) {
      const row = cache.get(id)
      if (row && isUp(row)) continue
      agreed.delete(id)
      refused.delete(id)
    }
  }

  function noteRefusal(row: InstanceRow, wanted: string, error: unknown): void {
    const before = refused.get(row.id)
    const times = before?.wanted === wanted ? before.times + 1 : 1
    refused.set(row.id, { wanted, times, nextAt: clock.monotonic() + retryDelayMs(times) })
    const said = { err: error, instance: row.id, handle: row.handle, plan: row.plan }
    if (times === 1) log.warn(said, 'the limits of a plan are not in force yet; trying again')
  }

  /** Once: no start changes it. */
  function sayUnlimited(row: InstanceRow): void {
    if (saidUnlimited || !policyOf(row).limits.bandwidthBytesPerS || runtime.limitsBandwidth()) return
    saidUnlimited = true
    log.warn(
      { plan: row.plan },
      'a plan limits bandwidth, which nothing enforces: it takes Docker on this machine, root, nft, and INSTANCE_FIREWALL=api or auto',
    )
  }

  async function fit(row: InstanceRow): Promise<void> {
    const wanted = wantedBy(row)
    sayUnlimited(row)
    try {
      const { limits, storage } = policyOf(row)
      await runtime.update(servingContainer(row), limits)
      await homes.attach(row, storage)
      agreed.set(row.id, wanted)
      refused.delete(row.id)
    } catch (error) {
      noteRefusal(row, wanted, error)
    }
  }

  return {
    /** Asks the engine of what has come up, or is to have other limits, since the last time. */
    async run(): Promise<void> {
      forgetWhatSleeps()
      for (const { id } of await lostBandwidth([...agreed.keys()].map((id) => cache.get(id))))
        agreed.delete(id)
      const due = [...cache.all()].filter((row) => isUp(row) && isDue(row))
      if (due.length === 0 || !(await runner.hold())) return
      const limit = pLimit(AT_ONCE)
      await Promise.all(due.map((row) => limit(() => fit(row))))
    },
  }
}
