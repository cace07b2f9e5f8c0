/** Waiting for a condition, with a limit and a name. */
import { setTimeout as delay } from 'node:timers/promises'

const INTERVAL_MS = 20

/** Resolves with the first truthy answer of `check`; rejects after `timeoutMs`, naming what was waited for. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 15_000) {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await check()
    if (answer) return answer as Exclude<Awaited<T>, false | null | undefined>
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}.`)
    await delay(INTERVAL_MS)
  }
}
