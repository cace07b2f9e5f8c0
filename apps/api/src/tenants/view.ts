/** What an owner sees of an instance. */
import { type Hosts, type InstanceView, isArchivedSoon, type OwnPlan, TIERS } from '@matrixos/shared'
import type { Isolation } from '../ports/runtime.ts'
import { type Policy, type PolicyOf, waysDown } from './policy.ts'
import type { InstanceRow } from './store.ts'

export interface ViewOptions {
  hosts: Hosts
  isolationOf: (row: InstanceRow) => Isolation
  policyOf: PolicyOf
  lastUsedAt: (row: InstanceRow) => number
  deletionGraceDays: number
  /** Its place among those that wait for memory, in words. */
  lineOf: (row: InstanceRow) => string | null
  /** Milliseconds since 1970. */
  now: () => number
}

/** Until it has run for the first time. */
const isFirstStart = (row: InstanceRow): boolean => !row.hasRun && row.observed !== 'running'

const planView = (key: InstanceRow['plan'], policy: Policy): OwnPlan => ({
  key,
  title: policy.title,
  ...policy.limits,
  ...policy.storage,
  bandwidthBytesPerS: policy.limits.bandwidthBytesPerS ?? null,
  logBytes: policy.logBytes,
  ociRuntime: policy.ociRuntime,
})

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

/** When it is packed away, once its owner is told of that. */
function archiveDueAt(row: InstanceRow, { policyOf, lastUsedAt, now }: ViewOptions): string | null {
  const way = waysDown(TIERS, policyOf(row).idleMs).find(({ from }) => from === row.desired)
  if (way?.to !== 'archived' || row.isSuspended) return null
  const at = lastUsedAt(row) + way.afterMs
  return isArchivedSoon(way.afterMs, at - now()) ? new Date(at).toISOString() : null
}

export const instanceView = (row: InstanceRow, options: ViewOptions): InstanceView => ({
  id: row.id,
  handle: row.handle,
  url: options.hosts.instanceOrigin(row.handle),
  desired: row.desired,
  observed: row.observed,
  step: row.step,
  isFirstStart: isFirstStart(row),
  error: row.error,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  line: options.lineOf(row),
  lastUsedAt: new Date(options.lastUsedAt(row)).toISOString(),
  archiveDueAt: archiveDueAt(row, options),
  deletionDueAt: row.deletionDueAt?.toISOString() ?? null,
  deletionGraceDays: options.deletionGraceDays,
  createdAt: row.createdAt.toISOString(),
  isolation: options.isolationOf(row),
  idleLimitS: inSeconds(options.policyOf(row).idleMs.asleep),
  plan: planView(row.plan, options.policyOf(row)),
})
