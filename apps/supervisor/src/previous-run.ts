/** After `kill -9` of a supervisor its parts stop by themselves: a new start waits for that. */
import { commandOf } from '@matrixos/host/processes'
import { UserError } from '@matrixos/host/root'
import type { Platform } from './platform-file.ts'

export interface PreviousRunOptions {
  previous: Platform | null
  /** Entry scripts by part: a process id that runs something else now was given away again. */
  entries: Record<string, string>
  say: (message: string) => void
  delay: (ms: number) => Promise<void>
  timeoutMs?: number
}

const PROBE_MS = 100

/** Throws a UserError that names what is left after the time-out. */
export async function waitForPreviousRun(options: PreviousRunOptions): Promise<void> {
  const { previous, delay, say, timeoutMs = 20_000 } = options
  if (previous === null) return
  let left = await survivors(options)
  if (left.length > 0) say(`Waiting for processes left by an interrupted run: ${left.join(', ')}`)
  for (let waitedMs = 0; left.length > 0; waitedMs += PROBE_MS) {
    if (waitedMs >= timeoutMs) {
      throw new UserError(
        `An interrupted run left processes behind: ${left.join(', ')}. Stop them, then start again.`,
      )
    }
    await delay(PROBE_MS)
    left = await survivors(options)
  }
}

async function survivors({ previous, entries }: PreviousRunOptions): Promise<string[]> {
  const found = Object.entries(previous?.parts ?? {}).map(async ([name, pid]) => {
    const entry = entries[name]
    const command = entry === undefined ? null : await commandOf(pid)
    return entry !== undefined && command?.includes(entry) ? `${name} (process ${pid})` : null
  })
  return (await Promise.all(found)).filter((text) => text !== null)
}
