/**
 * Which inputs of which page have been taken: a page whose link broke sends again what it has no word of, and that must
 * not be typed twice.
 */
const PAGES_KEPT = 32

export interface Inputs {
  /** The last number that was taken from this page for this session, 0 before the first. */
  last(page: string, session: string): number
  /** Whether this one is new; then it counts as taken. */
  take(page: string, session: string, number: number): boolean
}

export function createInputs(): Inputs {
  const pages = new Map<string, Map<string, number>>()
  const last = (page: string, session: string) => pages.get(page)?.get(session) ?? 0
  return {
    last,
    take(page, session, number) {
      if (number <= last(page, session)) return false
      const taken = pages.get(page) ?? new Map<string, number>()
      // The page that spoke last is the last to be forgotten.
      pages.delete(page)
      pages.set(page, taken.set(session, number))
      const [oldest] = pages.keys()
      if (pages.size > PAGES_KEPT && oldest !== undefined) pages.delete(oldest)
      return true
    },
  }
}
