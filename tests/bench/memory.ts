/** What programs and containers really take of this machine's memory. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { engine } from '../support/test-engine.ts'

const KIB = 1024

const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * KIB

/** Bytes that the kernel could still give away. */
export const availableBytes = (): number => numberIn(readFileSync('/proc/meminfo', 'utf8'), 'MemAvailable')

/** Bytes of a process; what it shares with others counts by its share. */
export const ownBytes = (pid: number): number =>
  numberIn(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss')

const statsSchema = z.object({
  memory_stats: z.object({
    usage: z.number(),
    stats: z.object({ total_inactive_file: z.number().optional(), inactive_file: z.number().optional() }),
  }),
})

/** Bytes of a running container's working set, as `docker stats` counts them. */
export async function workingSetOf(container: string): Promise<number> {
  const stats: unknown = await engine().getContainer(container).stats({ stream: false, 'one-shot': true })
  const { usage, stats: parts } = statsSchema.parse(stats).memory_stats
  return usage - (parts.total_inactive_file ?? parts.inactive_file ?? 0)
}
