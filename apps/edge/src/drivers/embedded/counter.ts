/** Counts what is in flight, by upstream address. */
import type { InFlight } from '../../driver.ts'

export interface Counter {
  /** Returns the function that takes it off again; calling that twice is harmless. */
  add: (address: string) => () => void
  counts: () => InFlight
}

export function createCounter(): Counter {
  const open = new Map<string, number>()
  const change = (address: string, by: number) => {
    const count = (open.get(address) ?? 0) + by
    if (count > 0) open.set(address, count)
    else open.delete(address)
  }
  return {
    add: (address) => {
      let held = true
      change(address, 1)
      return () => {
        if (held) change(address, -1)
        held = false
      }
    },
    counts: () => Object.fromEntries(open),
  }
}
