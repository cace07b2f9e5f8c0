/** A plan's limits as people read them. Pure. */
import type { OwnPlan } from '@matrixos/shared'
import { bytesText, countText } from '../../lib/figures.ts'

const FULL_QUOTA_US = 100_000

const coresOf = (cpuQuotaUs: number): number => cpuQuotaUs / FULL_QUOTA_US

type Limits = Pick<
  OwnPlan,
  'memoryBytes' | 'cpuQuotaUs' | 'diskBytes' | 'pids' | 'bandwidthBytesPerS' | 'ociRuntime'
>

/** `512 MiB of memory, up to 2 cores, 1.0 GiB of disk, 256 processes`. */
export function limitsText(limits: Limits): string {
  const { memoryBytes, cpuQuotaUs, diskBytes, pids, bandwidthBytesPerS, ociRuntime } = limits
  const cores = coresOf(cpuQuotaUs)
  return [
    `${bytesText(memoryBytes)} of memory`,
    `up to ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    `${bytesText(diskBytes)} of disk`,
    `${countText(pids)} processes`,
    ...(bandwidthBytesPerS === null ? [] : [`${bytesText(bandwidthBytesPerS)} a second each way`]),
    ...(ociRuntime === 'runsc' ? ['a kernel of its own'] : []),
  ].join(', ')
}
