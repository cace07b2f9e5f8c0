/**
 * Notices that the system ended or refused a program because of what this computer may use: the container's counters
 * tell, in either version of control groups. A program's own words ("Killed", "fork: Resource temporarily unavailable")
 * do not say why.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Limits {
  /** Resolves with what happened since the last look, in plain words. */
  look(): Promise<string[]>
  /** Resolves to how many processes and threads can still be started; infinite where there is no limit. */
  room(): Promise<number>
}

interface Counter {
  /** Where it counts, in the second and in the first version. `field`: at the start of its line. */
  events: readonly [string, string]
  field: string
  limit: readonly [string, string]
  words: (limit: number) => string
}

const PIDS: Counter = {
  events: ['pids.events', 'pids/pids.events'],
  field: 'max',
  limit: ['pids.max', 'pids/pids.max'],
  words: (most) =>
    `I could not start a program: I can run ${most} at once, each of their threads counted. End some, then try again.`,
}

const COUNTERS: readonly Counter[] = [
  {
    events: ['memory.events', 'memory/memory.oom_control'],
    field: 'oom_kill',
    limit: ['memory.max', 'memory/memory.limit_in_bytes'],
    words: (bytes) =>
      `I ran out of memory and had to end a program: I have ${Math.round(bytes / 1_048_576)} MB for all of them. Everything else goes on.`,
  },
  PIDS,
]

const RUNNING = ['pids.current', 'pids/pids.current'] as const

/** More is what the first version says where there is no limit. */
const NO_LIMIT = 2 ** 60

/** `folder`: where the container sees its control groups. What has no limit of its own is not looked at. */
export async function createLimits(folder = '/sys/fs/cgroup'): Promise<Limits> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => null)
  const firstOf = async (names: readonly [string, string]) => (await read(names[0])) ?? (await read(names[1]))
  const limitOf = async ({ limit }: Counter) => Number((await firstOf(limit)) ?? Number.NaN)
  const limited = await Promise.all(
    COUNTERS.map(async (counter) => {
      const most = await limitOf(counter)
      if (!(most < NO_LIMIT)) return []
      const line = new RegExp(`^${counter.field} (\\d+)$`, 'm')
      const count = async () => Number(line.exec((await firstOf(counter.events)) ?? '')?.[1] ?? 0)
      return [{ count, words: counter.words(most), before: await count() }]
    }),
  )
  const watched = limited.flat()
  return {
    look: async () => {
      const counts = await Promise.all(watched.map(({ count }) => count()))
      return watched.flatMap((one, index) => {
        const now = counts[index] ?? one.before
        const hasHappened = now > one.before
        one.before = now
        return hasHappened ? [one.words] : []
      })
    },
    room: async () => {
      const [most, running] = [await limitOf(PIDS), Number((await firstOf(RUNNING)) ?? Number.NaN)]
      return most - running > -1 ? most - running : Number.POSITIVE_INFINITY
    },
  }
}
