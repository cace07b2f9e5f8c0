/** Lets through so many in a second, and a few more at once. */

/** The result takes one, and says whether there was one. `clock`: milliseconds that only go forward. */
export function createRate(perSecond: number, atOnce: number, clock: () => number): () => boolean {
  let left = atOnce
  let at = clock()
  return () => {
    const now = clock()
    left = Math.min(atOnce, left + ((now - at) / 1_000) * perSecond)
    at = now
    if (left < 1) return false
    left--
    return true
  }
}

/** One of these for each of many, of whom only those are remembered who came lately. */
export function createRates<K>(make: () => () => boolean, most = 256): (of: K) => boolean {
  const rates = new Map<K, () => boolean>()
  return (of) => {
    const rate = rates.get(of) ?? make()
    rates.delete(of)
    rates.set(of, rate)
    const [oldest] = rates.keys()
    if (rates.size > most && oldest !== undefined) rates.delete(oldest)
    return rate()
  }
}
