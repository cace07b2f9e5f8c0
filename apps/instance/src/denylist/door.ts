/** The way to the watch over programs, which is loaded when the first one can be started. */
import type { ChildProcess } from 'node:child_process'
import { readDenylist } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import { describeError, type Log } from '../log.ts'
import { once } from '../once.ts'

export interface DenylistDoor {
  /** Watches while it lives. `tell`: says it to whoever is at it. */
  follow: (child: ChildProcess, tell?: (words: string) => void) => void
  /** Tells the platform that somebody wanted to run this. */
  report: (name: string) => void
}

const LOOK_EVERY_MS = 2_000
/** The same name again is no news for so long. */
const TOLD_FOR_MS = 60_000

export interface DenylistDoorOptions {
  settings: Pick<Settings, 'denylist' | 'platform' | 'isIsolated'>
  now: () => Date
  log: Log
}

export function createDenylistDoor({ settings, now, log }: DenylistDoorOptions): DenylistDoor {
  const { platform } = settings
  const list = readDenylist(settings.denylist)
  const told = new Map<string, number>()
  const report = (name: string) => {
    log('a program was refused', { program: name })
    const at = now().getTime()
    if (at - (told.get(name) ?? Number.NEGATIVE_INFINITY) < TOLD_FOR_MS) return
    told.set(name, at)
    import('../channels/platform.ts')
      .then(({ createPlatform }) => createPlatform(platform).denied(name))
      .catch((error: unknown) => log('the platform was not told', describeError(error)))
  }
  const open = once(async () => {
    const [{ createWatch }, programs] = await Promise.all([import('./watch.ts'), import('./processes.ts')])
    return createWatch({
      ...{ list, report, everyMs: LOOK_EVERY_MS, isAlone: settings.isIsolated },
      programs: programs.runningPrograms,
      descendants: programs.descendantsOf,
      hashOf: programs.createFileHash(),
      kill: end,
      own: [process.pid, process.ppid],
    })
  })
  const isEmpty = list.names.size + list.patterns.length + list.hashes.size === 0
  return {
    report,
    follow(child, tell) {
      if (isEmpty) return
      open().then(
        (watch) => watch.follow(child, tell),
        (error) => log('programs are not watched', describeError(error)),
      )
    },
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just gone.
  }
}
