import { expect, it } from 'vitest'
import { limitsText } from './plan-text.ts'

const MIB = 1_048_576
const LIMITS = {
  ...{ memoryBytes: 512 * MIB, cpuQuotaUs: 100_000, diskBytes: 1024 * MIB, pids: 256 },
  bandwidthBytesPerS: null,
}

it('says what a plan gives, and names gVisor where that runs it', () => {
  const text = '512 MiB of memory, up to 1 core, 1.0 GiB of disk, 256 processes'
  expect(limitsText({ ...LIMITS, ociRuntime: 'runc' })).toBe(text)
  expect(limitsText({ ...LIMITS, ociRuntime: 'runsc' })).toBe(`${text}, a kernel of its own`)
})

it('names a limit of bandwidth where there is one', () => {
  expect(limitsText({ ...LIMITS, ociRuntime: 'runc', bandwidthBytesPerS: 2 * MIB })).toContain(
    '256 processes, 2.0 MiB a second each way',
  )
})
