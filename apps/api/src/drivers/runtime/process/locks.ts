/** One verb at a time per instance; instances do not wait for each other. */
export interface Locks {
  locked<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Resolves once nothing is at work or waits for its turn. */
  idle(): Promise<void>
}

export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>()
  return {
    async locked(key, work) {
      const before = tails.get(key) ?? Promise.resolve()
      const result = before.then(work, work)
      const tail = result.catch(() => undefined)
      tails.set(key, tail)
      try {
        return await result
      } finally {
        if (tails.get(key) === tail) tails.delete(key)
      }
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}
