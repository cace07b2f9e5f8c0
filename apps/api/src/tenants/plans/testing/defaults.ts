/** A server's settings, for tests. */
import type { PlanLimits } from '@matrixos/shared'

const MIB = 1_048_576

export const DEFAULTS: PlanLimits = {
  ...{ memoryBytes: 512 * MIB, memoryReservationBytes: 256 * MIB },
  ...{ cpuShares: 512, cpuQuotaUs: 200_000, pids: 256 },
  ...{ diskBytes: 1024 * MIB, inodes: 131_072, logBytes: 2 * MIB, bandwidthBytesPerS: null },
  ociRuntime: 'runc',
  idleS: { paused: 300, asleep: 1800 },
}
