/** Notices that what ran in front of a terminal for long has ended, and that the shell waits again. */
export interface LongRun {
  /** The last of what was in front: a list of commands is one run. */
  program: string
  ranMs: number
}

export interface Stopwatch {
  /** What is in front now; `null`: the shell itself, or nothing any more. */
  seen(program: string | null): void
  /** For good: whoever closes a terminal knows that its programs end. */
  stop(): void
}

export interface StopwatchOptions {
  now: () => number
  /** What ends sooner is no news. */
  longMs: number
  onEnd: (run: LongRun) => void
}

export function createStopwatch({ now, longMs, onEnd }: StopwatchOptions): Stopwatch {
  let isStopped = false
  let running: { program: string; since: number } | null = null
  return {
    seen(program) {
      if (isStopped) return
      const before = running
      running = program === null ? null : { program, since: before?.since ?? now() }
      if (running !== null || before === null) return
      const ranMs = now() - before.since
      if (ranMs >= longMs) onEnd({ program: before.program, ranMs })
    },
    stop() {
      isStopped = true
    },
  }
}
