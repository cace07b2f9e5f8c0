/** Until when what guests of apps have open, and what their pages ask for by themselves, counts as use. */
import type { InstanceId } from '@matrixos/shared'

/** After somebody last opened a page there: a tab that is left open keeps no computer awake for ever. */
const COUNT_MS = 2 * 3_600_000

export function createArrivals(monotonic: () => number) {
  const arrivals = new Map<InstanceId, number>()
  const startedAt = monotonic()
  return {
    add: (id: InstanceId): void => void arrivals.set(id, monotonic()),
    /** A process that has just begun does not know who came before. */
    areRecent: (id: InstanceId): boolean => monotonic() - (arrivals.get(id) ?? startedAt) < COUNT_MS,
    forget: (id: InstanceId): void => void arrivals.delete(id),
  }
}
