import { expect, it } from 'vitest'
import { createProcMemory, readMeminfo } from './proc.ts'

it('reads what the kernel says is available', () => {
  expect(readMeminfo('MemTotal:  16000 kB\nMemFree:   100 kB\nMemAvailable:    2048 kB\n')).toBe(2_097_152)
  expect(readMeminfo('MemTotal:  16000 kB\n')).toBeNull()
})

it.runIf(process.platform === 'linux')(
  'finds a figure on this machine, and none where there is no file',
  async () => {
    expect(await createProcMemory().availableBytes()).toBeGreaterThan(0)
    expect(await createProcMemory('/proc/nowhere').availableBytes()).toBeNull()
  },
)
