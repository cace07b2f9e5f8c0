/** Notices a part that hangs after it was ready: its process is there, and does nothing any more. */
import type { Part } from './part.ts'
import type { Delay, Say } from './part-life.ts'

/** Milliseconds between two questions. */
export const ASK_MS = 5000
/** Far beyond any pause of a part that works hard on a busy machine. */
export const MOST_UNANSWERED = 12

export interface WatchLifeOptions {
  name: string
  say: Say
  delay: Delay
  stopping: AbortSignal
}

/**
 * Kills the part when it has answered none of the last questions; resolves when it has ended, or `stopping` fires.
 * Questions are counted, and not the time: while a laptop sleeps nobody answers, and nobody asks.
 */
export async function watchLife(part: Part, { name, say, delay, stopping }: WatchLifeOptions): Promise<void> {
  const ended = new AbortController()
  void part.exited.then(() => ended.abort())
  const over = AbortSignal.any([stopping, ended.signal])
  let unanswered = 0
  while (!over.aborted) {
    if (unanswered === MOST_UNANSWERED) {
      say('error', `${name} has not answered for ${(MOST_UNANSWERED * ASK_MS) / 1000} s: killing it`)
      part.kill()
      return
    }
    unanswered++
    part.ask(() => {
      unanswered = 0
    })
    await delay(ASK_MS, over)
  }
}
