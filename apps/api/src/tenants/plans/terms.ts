/** From what a plan says to what it gives: what it leaves out follows the server's settings. Pure. */
import { isSleepTier, type PlanLimits, type PlanTerms, SLEEP_TIERS, type SleepTier } from '@matrixos/shared'
import { FAILED_IDLE_MS, type Policy, ROOM_IDLE_MS } from '../policy.ts'

export const limitsWith = (defaults: PlanLimits, terms: PlanTerms): PlanLimits => {
  const said = Object.entries(terms).filter(([, value]) => value !== undefined)
  const idleS = { ...defaults.idleS, ...terms.idleS }
  // What is never stopped is not packed away either, unless the plan says so.
  if (idleS.asleep === null && terms.idleS?.archived === undefined && idleS.archived) idleS.archived = null
  // What would be paused only when it is to be stopped is stopped.
  for (const [at, tier] of SLEEP_TIERS.entries()) {
    const deeper = SLEEP_TIERS.slice(at + 1).flatMap((each) => idleS[each] ?? [])
    if ((idleS[tier] ?? 0) >= Math.min(...deeper)) idleS[tier] = null
  }
  return { ...defaults, ...Object.fromEntries(said), idleS }
}

/** What cannot be kept; `null`: all of it can. */
export function contradictionIn(limits: PlanLimits): string | null {
  if (limits.memoryReservationBytes > limits.memoryBytes)
    return 'The memory that is kept for it cannot be more than its limit.'
  return null
}

export function policyFrom(title: string, limits: PlanLimits): Policy {
  const { memoryBytes, memoryReservationBytes, cpuShares, cpuQuotaUs, pids, bandwidthBytesPerS } = limits
  const idle = SLEEP_TIERS.filter(isSleepTier).map((tier) => {
    const seconds = limits.idleS[tier] ?? null
    return [tier, seconds === null ? null : Math.round(seconds * 1000)] as const
  })
  const idleMs = Object.fromEntries(idle) as Record<SleepTier, number | null>
  return {
    title,
    limits: { memoryBytes, memoryReservationBytes, cpuShares, cpuQuotaUs, pids, bandwidthBytesPerS },
    storage: { diskBytes: limits.diskBytes, inodes: limits.inodes },
    logBytes: limits.logBytes,
    ociRuntime: limits.ociRuntime,
    idleMs,
    failedIdleMs: FAILED_IDLE_MS,
    roomIdleMs: Object.values(idleMs).every((time) => time === null) ? null : ROOM_IDLE_MS,
  }
}
