/** Looks again at what failed, each time after twice as long, until that goes well. */

const FIRST_MS = 5_000
const LONGEST_MS = 300_000

export function createRetries(look: (id: string) => void, firstMs = FIRST_MS) {
  const waiting = new Map<string, { timer: NodeJS.Timeout; waitMs: number }>()
  return {
    failed(id: string): void {
      const before = waiting.get(id)
      clearTimeout(before?.timer)
      const waitMs = before ? Math.min(2 * before.waitMs, LONGEST_MS) : firstMs
      waiting.set(id, { timer: setTimeout(look, waitMs, id).unref(), waitMs })
    },
    wentWell(id: string): void {
      clearTimeout(waiting.get(id)?.timer)
      waiting.delete(id)
    },
    stop(): void {
      for (const { timer } of waiting.values()) clearTimeout(timer)
    },
  }
}
