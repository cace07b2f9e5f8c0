/** When each instance was last used, and how many requests it has in flight: what going to sleep is decided by. */
import type { InFlightReport, InstanceId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { InstanceMirror } from './mirror.ts'

export type Usage = ReturnType<typeof createUsage>

export function createUsage({
  mirror,
  clock,
}: {
  mirror: Pick<InstanceMirror, 'all' | 'get'>
  clock: Clock
}) {
  const lastUsed = new Map<InstanceId, number>()
  const unsaved = new Set<InstanceId>()
  let inFlight = new Map<InstanceId, number>()
  let reportedAt = 0

  /** Somebody used it just now. */
  function touch(id: InstanceId): void {
    lastUsed.set(id, clock.now())
    unsaved.add(id)
  }

  const lastUsedAt = (id: InstanceId): number =>
    Math.max(lastUsed.get(id) ?? 0, mirror.get(id)?.lastUsedAt.getTime() ?? 0)

  return {
    touch,
    lastUsedAt,
    inFlight: (id: InstanceId) => inFlight.get(id) ?? 0,
    /** When the edge last said what is in flight; what it does not say, nobody may assume. */
    reportedAt: () => reportedAt,

    /** Takes the edge's counts. Whatever is in flight is use, an open WebSocket for as long as it is open. */
    report({ counts }: InFlightReport): void {
      reportedAt = clock.now()
      const next = new Map<InstanceId, number>()
      for (const row of mirror.all()) {
        const { host, gatewayPort, shellPort } = row.address ?? {}
        const count =
          (counts[`${host}:${gatewayPort}`] ?? 0) + (shellPort ? (counts[`${host}:${shellPort}`] ?? 0) : 0)
        if (count === 0) continue
        next.set(row.id, count)
        touch(row.id)
      }
      inFlight = next
    },

    /** Uses that the database does not know of yet; the caller saves them. */
    takeUnsaved(): { id: InstanceId; at: Date }[] {
      const taken = [...unsaved].map((id) => ({ id, at: new Date(lastUsedAt(id)) }))
      unsaved.clear()
      return taken
    },
    forget(id: InstanceId): void {
      lastUsed.delete(id)
      unsaved.delete(id)
    },
  }
}
