/** From what a plan says to what it gives: what it leaves out follows the server's settings. Pure. */
import { isSleepTier, type PlanLimits, type PlanTerms, SLEEP_TIERS, type SleepTier } from '@matrixos/shared'
import { FAILED_IDLE_MS, type Policy, ROOM_IDLE_MS } from '../policy.ts'

export const limitsWith = (defaults: PlanLimits, terms: PlanTerms): PlanLimits => {
  const said = Object.entries(terms).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(said), idleS: { ...defaults.idleS, ...terms.idleS } }
}

/** What cannot be kept; `null`: all of it can. */
export function contradictionIn(limits: PlanLimits): string | null {
  if (limits.memoryReservationBytes > limits.memoryBytes)
    return 'The memory that is kept for it cannot be more than its limit.'
  const times = SLEEP_TIERS.flatMap((tier) => limits.idleS[tier] ?? [])
  return times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0))
    ? null
    : 'Each deeper sleep must begin later than the one before.'
}

export function policyFrom(title: string, limits: PlanLimits): Policy {
  const { memoryBytes, memoryReservationBytes, cpuShares, cpuQuotaUs, pids } = limits
  const idle = SLEEP_TIERS.filter(isSleepTier).map((tier) => {
    const seconds = limits.idleS[tier] ?? null
    return [tier, seconds === null ? null : Math.round(seconds * 1000)] as const
  })
  const idleMs = Object.fromEntries(idle) as Record<SleepTier, number | null>
  return {
    title,
    limits: { memoryBytes, memoryReservationBytes, cpuShares, cpuQuotaUs, pids },
    storage: { diskBytes: limits.diskBytes, inodes: limits.inodes },
    bandwidthBytesPerS: limits.bandwidthBytesPerS,
    idleMs,
    failedIdleMs: FAILED_IDLE_MS,
    roomIdleMs: idleMs.asleep === null ? null : ROOM_IDLE_MS,
  }
}
