/** Looks which program is in front of a terminal and where its shell is, soon after something happened there. */
import { type InFront, inFrontOf } from './processes.ts'

const LOOK_AFTER_MS = 200

export interface Look {
  soon(): void
  stop(): void
}

/** `pid`: the shell's, `null` while none runs. */
export function createLook(pid: () => number | null, onSeen: (seen: InFront) => void): Look {
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
    if (pid() === shell) onSeen(seen)
  }
  return {
    soon() {
      timer ??= setTimeout(now, LOOK_AFTER_MS)
    },
    stop,
  }
}
