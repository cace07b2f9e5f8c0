/**
 * Takes passes away that are too old. The api does that itself, and sooner: this is for when it cannot, so that its death
 * prolongs no pass.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { Timers } from '../../timers.ts'

const INTERVAL_MS = 2_000
/** By the system's clock, which may be a little ahead of the file system's. */
const AHEAD_MS = 2_000

export interface PassSweeperOptions {
  /** A folder for each host, in it a file for each pass. */
  folder: string
  lifeMs: number
  log: Pick<Log, 'warn'>
  timers: Timers
}

export function startPassSweeper(options: PassSweeperOptions): { close: () => void } {
  const { folder, lifeMs, log, timers } = options
  let closed = false
  let cancel = () => {}

  /** One from the future was laid before the clock was set back: how long before, nobody knows. */
  async function isOver(path: string): Promise<boolean> {
    const age = timers.now() - (await stat(path)).mtimeMs
    return age > lifeMs || age < -AHEAD_MS
  }

  async function sweep(): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      // The api may have taken it away meanwhile.
      if (entry.isFile() && (await isOver(path).catch(() => false))) await rm(path, { force: true })
    }
  }

  const round = async () => {
    await sweep().catch((error: unknown) => {
      // Without passes there is no folder.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
        log.warn({ reason: String(error) }, 'Failed to look for old passes.')
    })
    if (!closed) cancel = timers.after(INTERVAL_MS, () => void round())
  }
  void round()
  return {
    close: () => {
      closed = true
      cancel()
    },
  }
}
