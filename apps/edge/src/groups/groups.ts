/**
 * What guests of apps have open: counted apart from everybody else, so that it can be limited and ended without anybody
 * else at the same instance.
 */
import type { InFlight } from '../driver.ts'
import type { Limits } from '../policy/limits.ts'
import { networkOf } from '../policy/network.ts'

interface Use {
  /** As the gate names it. */
  group: string
  /** `host:port` of the instance. */
  upstream: string
  /** Of the client, canonical. */
  address: string
  /** Closes it from here. */
  end: () => void
}

export interface Groups {
  /** Returns the function that takes it off again, or `null` where too much is open: of this network, or in all. */
  take: (use: Use) => (() => void) | null
  closeGroup: (group: string) => void
  closeStreams: (upstream: string) => void
  /** By upstream. */
  counts: () => InFlight
}

export function createGroups({
  guestsPerNetwork,
  guestsPerInstance,
}: Pick<Limits, 'guestsPerNetwork' | 'guestsPerInstance'>): Groups {
  const byUpstream = new Map<string, Set<Use>>()
  const everywhere = () => [...byUpstream.values()].flatMap((uses) => [...uses])
  return {
    take(use) {
      const uses = byUpstream.get(use.upstream) ?? new Set()
      const network = networkOf(use.address)
      let ofNetwork = 0
      for (const { address } of uses) if (networkOf(address) === network) ofNetwork++
      if (uses.size >= guestsPerInstance || ofNetwork >= guestsPerNetwork) return null
      byUpstream.set(use.upstream, uses.add(use))
      return () => {
        uses.delete(use)
        if (uses.size === 0 && byUpstream.get(use.upstream) === uses) byUpstream.delete(use.upstream)
      }
    },
    closeGroup(group) {
      for (const use of everywhere()) if (use.group === group) use.end()
    },
    closeStreams(upstream) {
      for (const { end } of [...(byUpstream.get(upstream) ?? [])]) end()
    },
    counts: () => Object.fromEntries([...byUpstream].map(([upstream, { size }]) => [upstream, size])),
  }
}
