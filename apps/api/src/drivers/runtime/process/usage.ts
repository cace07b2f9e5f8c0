/** What an instance's processes use, from Linux's process table; other systems say nothing of it. */
import { readdir, readFile } from 'node:fs/promises'
import type { RuntimeUsage } from '../../../ports/runtime.ts'

/** Of `sysconf(_SC_CLK_TCK)` and of pages: the same on every Linux that Node runs on, except where pages are larger. */
const TICK_MS = 10
const PAGE_BYTES = 4_096

/** Fields after the name in brackets, which may hold anything. */
async function statOf(pid: string): Promise<string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? null
}

/** All of a group. Network traffic is the machine's, not a process's. `null`: there is no such table. */
export async function groupUsage(group: number): Promise<RuntimeUsage | null> {
  const names = await readdir('/proc').catch(() => [])
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(statOf))
  const own = stats.filter((stat) => stat?.[2] === String(group))
  if (own.length === 0) return null
  const sum = (fields: readonly number[]) =>
    own.reduce((all, stat) => all + fields.reduce((one, field) => one + Number(stat?.[field] ?? 0), 0), 0)
  return {
    cpuMs: sum([11, 12, 13, 14]) * TICK_MS,
    memoryBytes: sum([21]) * PAGE_BYTES,
    ...{ receivedBytes: 0, sentBytes: 0 },
  }
}
