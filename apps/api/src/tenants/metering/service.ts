/** What a computer used, for its owner and for administrators. */
import { type InstanceId, USAGE_HOURS, type UsageView, type UserId } from '@matrixos/shared'
import { authorize, noSuchInstance } from '../../access/policy.ts'
import type { Principal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import type { PolicyOf } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import type { MeteringStore } from './store.ts'

const USAGE_MS = USAGE_HOURS * 3_600_000
const FULL_QUOTA_US = 100_000

export interface MeteringServiceOptions {
  store: Pick<MeteringStore, 'points' | 'outOfMemoryAt'>
  cache: Pick<InstanceCache, 'get' | 'ofUser'>
  policyOf: PolicyOf
  clock: Pick<Clock, 'now'>
}

export type Metering = ReturnType<typeof createMetering>

export function createMetering({ store, cache, policyOf, clock }: MeteringServiceOptions) {
  async function view(row: InstanceRow): Promise<UsageView> {
    const since = new Date(clock.now() - USAGE_MS)
    const [points, outOfMemoryAt] = await Promise.all([
      store.points(row.id, since),
      store.outOfMemoryAt(row.id, since),
    ])
    const { limits, storage } = policyOf(row)
    return {
      points,
      limits: {
        cores: limits.cpuQuotaUs / FULL_QUOTA_US,
        memoryBytes: limits.memoryBytes,
        diskBytes: storage.diskBytes,
      },
      outOfMemoryAt: outOfMemoryAt?.toISOString() ?? null,
      disk: row.diskLevel,
      throttledAt: row.throttledAt?.toISOString() ?? null,
    }
  }

  return {
    /** Throws what stands in the way. */
    async ofInstance(principal: Principal, id: InstanceId): Promise<UsageView> {
      const row = cache.get(id)
      if (!row) throw noSuchInstance()
      authorize(principal, 'instance:read', row, clock.now())
      return view(row)
    },

    /** For an administrator; `null`: they have none. */
    async ofUser(userId: UserId): Promise<UsageView | null> {
      const row = cache.ofUser(userId)
      return row ? view(row) : null
    },
  }
}
