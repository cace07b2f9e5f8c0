/** Looks which program is in front of a terminal and where its shell is, soon after something happened there. */
import { type InFront, inFrontOf } from './processes.ts'
import { createStopwatch, type StopwatchOptions } from './stopwatch.ts'

const LOOK_AFTER_MS = 200

export interface Look {
  soon(): void
  /** The shell is gone. */
  ended(): void
  /** For good, and without a word on what ends from now on. */
  close(): void
}

export interface LookOptions extends Omit<StopwatchOptions, 'onEnd'> {
  /** The shell's, `null` while none runs. */
  pid: () => number | null
  onSeen: (seen: InFront) => void
  /** After each look, and when the shell has ended. */
  onLook: () => void
  /** What was in front for `longMs` or more no longer is. */
  onLongEnd: StopwatchOptions['onEnd']
}

export function createLook({ pid, onSeen, onLook, onLongEnd, ...options }: LookOptions): Look {
  const stopwatch = createStopwatch({ ...options, onEnd: onLongEnd })
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const now = async () => {
    stop()
    const shell = pid()
    if (shell === null) return
    const seen = await inFrontOf(shell)
    if (pid() !== shell) return
    onSeen(seen)
    stopwatch.seen(seen.program)
    onLook()
  }
  return {
    soon() {
      timer ??= setTimeout(now, LOOK_AFTER_MS)
    },
    ended() {
      stop()
      stopwatch.seen(null)
      onLook()
    },
    close() {
      stop()
      stopwatch.stop()
    },
  }
}
