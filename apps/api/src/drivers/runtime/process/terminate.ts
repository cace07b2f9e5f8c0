/** Ends a process: gracefully first, by force later. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../errors.ts'
import type { Alive } from './alive.ts'
import { look } from './identity.ts'

const POLL_MS = 20
/** A process in the kernel's hands ignores even SIGKILL for a while. */
const KILL_PATIENCE_MS = 10_000

/** A negative pid means its whole group. Processes that are gone already are fine. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** To what it started as well, as in a container. */
export const signalGroup = (pid: number, signal: NodeJS.Signals): void => sendSignal(-pid, signal)

/** What it started itself goes with it, as in a container. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}

async function endedWithin({ pid, startTime }: Alive, ms: number): Promise<boolean> {
  const deadline = AbortSignal.timeout(ms)
  while ((await look(pid))?.startTime === startTime) {
    if (deadline.aborted) return false
    await delay(POLL_MS)
  }
  return true
}

/** SIGTERM, after `graceMs` SIGKILL to all of its group; 0 skips the asking. Resolves when it has ended. */
export async function terminate(alive: Alive, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    sendSignal(alive.pid, 'SIGTERM')
    if (alive.state === 'paused') signalGroup(alive.pid, 'SIGCONT')
  }
  const ended = graceMs > 0 && (await endedWithin(alive, graceMs))
  killGroup(alive.pid)
  if (!ended && !(await endedWithin(alive, KILL_PATIENCE_MS))) {
    throw new AppError('engine_down', `Process ${alive.pid} does not exit.`, { retryAfterS: 5 })
  }
}
