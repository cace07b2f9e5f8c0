/** Restarts a part whenever it exits or hangs, with growing pauses. */

import { exitText, type Part } from './part.ts'
import { becameReady, type Delay, type Say } from './part-life.ts'
import { createRestartPolicy } from './restart-policy.ts'
import { watchLife } from './watch-life.ts'

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
  /** How long a restarted part may take until it is ready; then it is killed and restarted. */
  readyTimeoutMs: number
  stopping: AbortSignal
}

/** Resolves when `stopping` has fired. */
export async function keepAlive(options: KeepAliveOptions): Promise<void> {
  const { name, onChange, say, now, stopping } = options
  const policy = createRestartPolicy()
  let part = options.first
  void watchLife(part, options)
  for (;;) {
    const bornMs = now()
    const exit = await part.exited
    if (stopping.aborted) return
    onChange(null)
    const waitMs = policy.next(now() - bornMs)
    say('error', `${name} exited (${exitText(exit)}); restarting in ${waitMs / 1000} s`)
    await options.delay(waitMs, stopping)
    if (stopping.aborted) return
    part = options.spawn()
    onChange(part)
    void watchStart(part, options)
  }
}

/** A part that neither gets ready nor exits would hang unnoticed: its exit makes `keepAlive` start another. */
async function watchStart(part: Part, options: KeepAliveOptions): Promise<void> {
  const { name, say, delay, readyTimeoutMs, stopping } = options
  const outcome = await becameReady(part, { delay, timeoutMs: readyTimeoutMs, stopping })
  if (stopping.aborted) return
  if (outcome === 'ready') {
    say('info', `${name} is back`)
    return watchLife(part, options)
  }
  if (outcome !== 'late') return
  say('error', `${name} was not ready after ${readyTimeoutMs / 1000} s: killing it`)
  part.kill()
}
