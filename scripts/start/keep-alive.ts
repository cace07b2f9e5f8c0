/** Starts a part again whenever it ends by itself, with growing pauses. */

import { exitText, type Part } from './part.ts'
import type { Delay, Say } from './part-life.ts'
import { createRestartPolicy } from './restart-policy.ts'

export interface KeepAliveOptions {
  name: string
  first: Part
  spawn: () => Part
  /** The part ended (`null`) or a new one took its place. */
  onChange: (part: Part | null) => void
  say: Say
  /** Milliseconds, monotonic. */
  now: () => number
  delay: Delay
  stopping: AbortSignal
}

/** Resolves when `stopping` has fired. */
export async function keepAlive(options: KeepAliveOptions): Promise<void> {
  const { name, onChange, say, now, stopping } = options
  const policy = createRestartPolicy()
  let part = options.first
  for (;;) {
    const bornMs = now()
    const exit = await part.exited
    if (stopping.aborted) return
    onChange(null)
    const waitMs = policy.next(now() - bornMs)
    say('error', `${name} ended ${exitText(exit)}; it starts again in ${waitMs / 1000} s`)
    await options.delay(waitMs, stopping)
    if (stopping.aborted) return
    part = options.spawn()
    onChange(part)
    part.ready.then(() => say('info', `${name} is back`))
  }
}
