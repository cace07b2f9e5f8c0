/** Waiting for a condition, in tests. */
import { setTimeout as delay } from 'node:timers/promises'

/** First answer of `probe` that is neither null, undefined nor false; what it throws counts as not yet. */
export async function until<T>(
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { timeoutMs = 10_000, everyMs = 10 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const answer = await probe()
      if (answer !== null && answer !== undefined && answer !== false) return answer
    } catch (error) {
      last = error
    }
    await delay(everyMs)
  }
  throw new Error(`Nothing came of it within ${timeoutMs} ms: ${probe}`, { cause: last })
}
