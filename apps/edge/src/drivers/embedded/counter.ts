/** Counts what is in flight, by upstream address. */
import type { InFlight } from '../../driver.ts'

export interface Counter {
  /** `end` closes it from here. Returns the function that takes it off again; calling that twice is harmless. */
  add: (address: string, end: () => void) => () => void
  /** Ends everything that is open to an address. */
  closeStreams: (address: string) => void
  counts: () => InFlight
}

export function createCounter(): Counter {
  const open = new Map<string, Set<() => void>>()
  return {
    add(address, end) {
      const held = open.get(address) ?? new Set()
      // A function of its own for each, also where two share one connection.
      const own = () => end()
      open.set(address, held.add(own))
      return () => {
        held.delete(own)
        if (held.size === 0 && open.get(address) === held) open.delete(address)
      }
    },
    closeStreams(address) {
      for (const end of [...(open.get(address) ?? [])]) end()
    },
    counts: () => Object.fromEntries([...open].map(([address, held]) => [address, held.size])),
  }
}
