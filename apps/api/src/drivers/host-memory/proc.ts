/** Host memory by the Linux kernel's own estimate, `MemAvailable`. */
import { readFile } from 'node:fs/promises'
import type { HostMemory } from '../../ports/host-memory.ts'

const PATH = '/proc/meminfo'

/** Bytes, or `null` where the text has no such line (kernels before 3.14). */
export function readMeminfo(text: string): number | null {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

export function createProcMemory(path = PATH): HostMemory {
  return {
    unknownBecause: process.platform === 'linux' ? null : `${process.platform} has no ${PATH}`,
    availableBytes: () => readFile(path, 'utf8').then(readMeminfo, () => null),
  }
}

/** For instances on another machine. */
export const unknownMemory = (why: string): HostMemory => ({
  unknownBecause: why,
  availableBytes: async () => null,
})
