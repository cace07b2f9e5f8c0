/** How much one network may have open at a time. A network is an IPv4 address, or the /64 of an IPv6 one. */
import { networkOf } from '../../policy/network.ts'

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
