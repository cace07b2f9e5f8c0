/**
 * What its plan gives an instance: limits, and how long it may be unused before each tier of sleep. The only place
 * that knows; whatever decides, shows or enforces it asks here.
 */
import { type OciRuntime, type Plan, type SleepTier, TIERS, type Tier } from '@matrixos/shared'
import type { InstanceLimits } from '../ports/runtime.ts'
import type { InstanceRow } from './store.ts'

/** A failed instance that nobody visits is not tried again after this long; a visit wakes it like any sleeping one. */
export const FAILED_IDLE_MS = 10 * 60_000
/** When memory is short, this long without use is idle: a person who reads a page may come back. */
export const ROOM_IDLE_MS = 15_000
/** The tier that leaves nothing in memory. */
const ROOM_TIER: SleepTier = 'asleep'

export interface Policy {
  /** What people call the plan. */
  title: string
  limits: InstanceLimits
  /** What a home may hold. */
  storage: { diskBytes: number; inodes: number }
  /** What is kept of what it prints. */
  logBytes: number
  /** What its container is run by, from its next start. */
  ociRuntime: OciRuntime
  /** Milliseconds since the last use after which each tier is due; `null`: the plan does without it. */
  idleMs: Record<SleepTier, number | null>
  /** The same for what is to be awake and fails, where that comes sooner. */
  failedIdleMs: number
  /** The same for what runs while memory is short; `null`: it is never put to sleep for others. */
  roomIdleMs: number | null
}

/** What is throttled gets its share of the CPU and no burst. */
export type PolicyOf = (row: Pick<InstanceRow, 'plan'> & Partial<Pick<InstanceRow, 'throttledAt'>>) => Policy

/** A way down: what an instance of this plan that is kept in one tier is put in after so long without use. */
export interface Descent {
  plan: Plan
  from: Tier
  /** Whether it is for instances that fail, or for those that do not. */
  isFailed: boolean
  to: SleepTier
  afterMs: number
}

export type Policies = ReturnType<typeof createPolicies>

/** A plan that this process has not heard of yet, or that is gone, gives what the first one does. */
export function createPolicies(plans: Readonly<Record<Plan, Policy>> & { standard: Policy }) {
  const all = Object.entries(plans)
  const descents = all.flatMap(([plan, policy]) => descentsOf(plan, policy))
  return {
    policyOf: (({ plan, throttledAt }) => {
      const policy = plans[plan] ?? plans.standard
      return throttledAt ? throttled(policy) : policy
    }) satisfies PolicyOf,
    /** Of every plan: what is due in the course of time. */
    descents,
    /** Of every plan: what may be done when memory is short. */
    roomDescents: all.flatMap(([plan, { roomIdleMs }]): Descent[] =>
      roomIdleMs === null
        ? []
        : [
            { plan, from: 'paused', isFailed: false, to: ROOM_TIER, afterMs: roomIdleMs },
            { plan, from: 'awake', isFailed: false, to: ROOM_TIER, afterMs: roomIdleMs },
          ],
    ),
    shortestIdleMs: Math.min(...descents.map(({ afterMs }) => afterMs)),
  }
}

const SHARES_OF_A_CORE = 1024
const QUOTA_OF_A_CORE_US = 100_000
/** The engine takes no less. */
const LEAST_QUOTA_US = 10_000

/** What the weight of an instance stands for, as a limit; never more than the limit that it has. */
export const shareQuotaUs = ({ cpuShares, cpuQuotaUs }: InstanceLimits): number =>
  Math.min(
    cpuQuotaUs,
    Math.max(LEAST_QUOTA_US, Math.round((cpuShares / SHARES_OF_A_CORE) * QUOTA_OF_A_CORE_US)),
  )

const throttled = (policy: Policy): Policy => ({
  ...policy,
  limits: { ...policy.limits, cpuQuotaUs: shareQuotaUs(policy.limits) },
})

/** Policies that change while they are asked: every answer is of those that count at that moment. */
export const livePolicies = (current: () => Policies): Policies => ({
  policyOf: (row) => current().policyOf(row),
  get descents() {
    return current().descents
  },
  get roomDescents() {
    return current().roomDescents
  },
  get shortestIdleMs() {
    return current().shortestIdleMs
  },
})

function descentsOf(plan: Plan, { idleMs, failedIdleMs }: Policy): Descent[] {
  return waysDown(TIERS, idleMs).flatMap((way) => {
    const afterFailureMs = way.from === 'awake' ? Math.min(failedIdleMs, way.afterMs) : way.afterMs
    return [
      { plan, ...way, isFailed: false },
      { plan, ...way, isFailed: true, afterMs: afterFailureMs },
    ]
  })
}

/** From each tier to the next lower one that has a time; tiers come from the readiest to the deepest. */
export function waysDown<T extends string, S extends T>(
  tiers: readonly T[],
  idleMs: Record<S, number | null>,
) {
  const times = new Map(Object.entries<number | null>(idleMs))
  return tiers.flatMap((from, at) => {
    const to = tiers.slice(at + 1).find((tier): tier is S => typeof times.get(tier) === 'number')
    const afterMs = to && times.get(to)
    return to && typeof afterMs === 'number' ? [{ from, to, afterMs }] : []
  })
}
