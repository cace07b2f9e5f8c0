/** When each instance was last used here, and how many requests it has in flight at this process's edge. */
import type { InFlightReport, InstanceId } from '@matrixos/shared'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import { createArrivals } from './arrivals.ts'
import type { Use } from './store.ts'

/** A report of what is in flight older than this says nothing, and then nothing is put to sleep. */
const REPORT_LIFETIME_MS = 15_000

export type Usage = ReturnType<typeof createUsage>

export interface UsageOptions {
  cache: Pick<InstanceCache, 'all' | 'get'>
  /** Milliseconds since 1970, for people to read. */
  now: () => number
  /** Milliseconds that no change of the system's clock moves. */
  monotonic: () => number
}

/** How many are in flight to its ports. An image may serve both from one. */
function countOf({ address }: Pick<InstanceRow, 'address'>, counts: InFlightReport['counts']): number {
  const { host, gatewayPort, shellPort } = address ?? {}
  const ports = [...new Set([gatewayPort, shellPort])]
  return ports.reduce<number>((sum, port) => sum + (counts[`${host}:${port}`] ?? 0), 0)
}

export function createUsage({ cache, now, monotonic }: UsageOptions) {
  const lastUsed = new Map<InstanceId, number>()
  const unsaved = new Map<InstanceId, number>()
  const arrivals = createArrivals(monotonic)
  const startedAt = monotonic()
  let guests = new Set<InstanceId>()
  let inFlight = new Map<InstanceId, number>()
  let reportedAt: number | null = null
  let hasEdge = false

  /** Somebody used it just now. */
  function touch(id: InstanceId): void {
    lastUsed.set(id, monotonic())
    unsaved.set(id, monotonic())
  }

  const hasReport = () => reportedAt !== null && monotonic() - reportedAt < REPORT_LIFETIME_MS

  return {
    touch,

    /** A guest of an app opened a page of it. */
    arrive(id: InstanceId): void {
      arrivals.add(id)
      touch(id)
    },

    /** A guest's page asks for something. */
    touchByGuest(id: InstanceId): void {
      if (arrivals.areRecent(id)) touch(id)
    },

    /** For people to read: by what is saved, and what this process knows beyond it. */
    lastUsedAt(id: InstanceId): number {
      const here = lastUsed.get(id)
      const saved = cache.get(id)?.lastUsedAt.getTime() ?? 0
      return here === undefined ? saved : Math.max(saved, now() - (monotonic() - here))
    },

    /** Whether the edge has said lately what is in flight. */
    hasReport,

    /** Requests to it that are under way, by the last report. */
    inFlight: (id: InstanceId): number => inFlight.get(id) ?? 0,

    /** When the edge last said so, by the monotonic clock; `null` before the first time. */
    reportedAt: (): number | null => reportedAt,

    /** An edge is connected to this process, and will report. */
    edgeSeen(): void {
      hasEdge = true
    },

    /**
     * Whether this process knows that nothing is under way: by a report younger than the last use, or a request that
     * came in between would not be in it. A process that no edge is connected to lets nobody in.
     */
    isQuiet(id: InstanceId): boolean {
      if (!hasEdge) return monotonic() - (lastUsed.get(id) ?? startedAt) >= REPORT_LIFETIME_MS
      return (
        hasReport() &&
        (reportedAt ?? 0) > (lastUsed.get(id) ?? startedAt) &&
        !inFlight.has(id) &&
        !guests.has(id)
      )
    },

    /**
     * Takes the edge's counts. Whatever is in flight is use, an open WebSocket for as long as it is open; what guests of apps
     * have open, for a time.
     */
    report({ counts, grouped = {} }: InFlightReport): void {
      hasEdge = true
      reportedAt = monotonic()
      const next = new Map<InstanceId, number>()
      const nextGuests = new Set<InstanceId>()
      for (const row of cache.all()) {
        const count = countOf(row, counts)
        if (count > 0) next.set(row.id, count)
        if (countOf(row, grouped) > 0 && arrivals.areRecent(row.id)) nextGuests.add(row.id)
        if (count > 0 || nextGuests.has(row.id)) touch(row.id)
      }
      inFlight = next
      guests = nextGuests
    },

    /** Uses that the database does not know of yet. */
    unsaved: (): (Use & { at: number })[] =>
      [...unsaved].map(([id, at]) => ({ id, at, agoMs: monotonic() - at })),

    /** These are saved; one that was used again meanwhile is not. */
    saved(uses: { id: InstanceId; at: number }[]): void {
      for (const { id, at } of uses) if (unsaved.get(id) === at) unsaved.delete(id)
    },

    forget(id: InstanceId): void {
      lastUsed.delete(id)
      unsaved.delete(id)
      arrivals.forget(id)
    },
  }
}
