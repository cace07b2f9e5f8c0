/** Limits as the engine wants them. Pure. */
import type { InstanceLimits } from '../../../ports/runtime.ts'

const CPU_PERIOD_US = 100_000

/** Ceilings of memory and swap are equal: no swap beyond the limit. */
export const limitsConfig = (limits: InstanceLimits) => ({
  Memory: limits.memoryBytes,
  MemorySwap: limits.memoryBytes,
  MemoryReservation: limits.memoryReservationBytes,
  CpuShares: limits.cpuShares,
  CpuPeriod: CPU_PERIOD_US,
  CpuQuota: limits.cpuQuotaUs,
  PidsLimit: limits.pids,
})
