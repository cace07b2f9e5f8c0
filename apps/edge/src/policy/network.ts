/** The network that an address belongs to: what limits are counted by. */

const GROUPS = 8

/** Whoever has an IPv6 address has the rest of its /64 too. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, GROUPS / 2).join(':')
}
