/** A policy for tests: a minute without use, half of that for what fails. */
import { createPolicies } from '../policy.ts'

export const IDLE_MS = 60_000

export const POLICIES = createPolicies({
  standard: {
    title: 'Standard',
    limits: { memoryBytes: 2, memoryReservationBytes: 1, cpuShares: 1, cpuQuotaUs: 1, pids: 1 },
    storage: { diskBytes: 3, inodes: 4 },
    logBytes: 5,
    ociRuntime: 'runc',
    idleMs: { paused: null, asleep: IDLE_MS, archived: null },
    failedIdleMs: IDLE_MS / 2,
    roomIdleMs: 15_000,
  },
})
