/**
 * How much may be open to one instance at a time. The edge says every few seconds what is in flight; WebSockets that
 * were let in since then are added, so that a burst between two reports does not slip through.
 */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Usage } from '../tenants/idle/usage.ts'

/** One let in this shortly before a report may not be in its counts yet. */
const UNDER_WAY_MS = 1_000
/** Without reports nobody knows what was closed since: what was let in is then forgotten after this time. */
const FORGET_MS = 30_000
const RETRY_AFTER_S = 3
/** Of both limits: with what somebody whom they let look has open, nobody keeps owners out of their own computers. */
const SHARE = { owner: 1, viewer: 0.5 } as const

export interface ConnectionLimitOptions {
  usage: Pick<Usage, 'inFlight' | 'reportedAt'>
  clock: Clock
  mostWebSockets: number
  mostInFlight: number
}

export type ConnectionLimit = ReturnType<typeof createConnectionLimit>

export function createConnectionLimit(options: ConnectionLimitOptions) {
  const { usage, clock, mostWebSockets, mostInFlight } = options
  /** When WebSockets were let in that no report has counted yet; oldest first, at most `mostWebSockets` each. */
  const letIn = new Map<InstanceId, number[]>()

  function uncounted(id: InstanceId): number[] {
    const reportedAt = usage.reportedAt() ?? Number.NEGATIVE_INFINITY
    const since = Math.max(reportedAt - UNDER_WAY_MS, clock.monotonic() - FORGET_MS)
    const times = (letIn.get(id) ?? []).filter((at) => at > since)
    if (times.length === 0) letIn.delete(id)
    return times
  }

  const refusal = (message: string) =>
    new AppError('too_many_requests', message, { retryAfterS: RETRY_AFTER_S })

  return {
    /** Call it for each request that is about to be let in. Throws `too_many_requests`. */
    take(id: InstanceId, isWebSocket: boolean, role: keyof typeof SHARE): void {
      const reported = usage.inFlight(id)
      if (reported >= mostInFlight * SHARE[role])
        throw refusal('This computer is handling too many requests.')
      if (!isWebSocket) return
      const times = uncounted(id)
      if (reported + times.length >= mostWebSockets * SHARE[role])
        throw refusal('This computer has too many connections open. Close some of its tabs.')
      letIn.set(id, [...times, clock.monotonic()])
    },
  }
}
