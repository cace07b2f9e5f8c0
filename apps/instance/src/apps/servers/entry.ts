/** What is known of one app's server. */
import type { AppServer } from '../protocol.ts'
import type { LogFile } from './log-file.ts'
import { ServerProblem } from './problem.ts'
import type { ServerProcess } from './process.ts'

export interface Entry {
  app: string
  command: string
  log: LogFile
  state: AppServer['state']
  reason: string | null
  process: ServerProcess | null
  opening: Promise<ServerProcess> | null
  /** Of the process before: over when all of that is gone. */
  stopping: Promise<void> | null
  failures: number
  startedAt: number
  retryAt: number
  leases: number
  idle: NodeJS.Timeout | undefined
}

export const newEntry = (app: string, log: LogFile): Entry => ({
  ...{ app, command: '', log, state: 'stopped', reason: null, process: null, opening: null },
  stopping: null,
  ...{ failures: 0, startedAt: 0, retryAt: 0, leases: 0, idle: undefined },
})

const LONGEST_BACK_OFF_MS = 60_000
/** One that ran that long has not failed in a row. */
const GOOD_AFTER_MS = 60_000

export function noteFailure(entry: Entry, now: number, backOffMs: number): void {
  entry.failures = now - entry.startedAt > GOOD_AFTER_MS ? 1 : entry.failures + 1
  entry.retryAt = now + Math.min(LONGEST_BACK_OFF_MS, backOffMs * 2 ** (entry.failures - 1))
}

/** Throws a ServerProblem where all of them are in use. */
export function longestUnused(running: readonly Entry[], atOnce: number): Entry {
  const unused = running.filter(({ leases, process }) => leases === 0 && process !== null)
  const [first] = unused.sort((a, b) => a.startedAt - b.startedAt)
  if (!first) throw new ServerProblem(`${atOnce} apps with servers are in use, as many as I can run at once.`)
  return first
}
