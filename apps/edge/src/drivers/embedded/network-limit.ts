/** How much one network may have open at a time. A network is an IPv4 address, or the /64 of an IPv6 one. */

export interface NetworkLimit {
  /** `address` is canonical. Returns the function that gives the place back, or `null` where none is left. */
  take: (address: string) => (() => void) | null
}

export function createNetworkLimit(most: number): NetworkLimit {
  const open = new Map<string, number>()
  return {
    take(address) {
      const network = networkOf(address)
      const count = open.get(network) ?? 0
      if (count >= most) return null
      open.set(network, count + 1)
      return () => {
        const left = (open.get(network) ?? 1) - 1
        if (left > 0) open.set(network, left)
        else open.delete(network)
      }
    },
  }
}

const GROUPS = 8

/** Whoever has an IPv6 address has the rest of its /64 too. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, GROUPS / 2).join(':')
}
