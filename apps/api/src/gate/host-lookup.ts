/** Which instance a host name belongs to. Known ones come from memory; requests for unknown ones are limited. */
import { LRUCache } from 'lru-cache'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'

/** How long a handle that the database did not know is not asked for again. */
const ABSENT_MS = 1_000
const MOST_ABSENT = 10_000

export interface HostLookupOptions {
  cache: Pick<InstanceCache, 'ofHandle'>
  tenants: Pick<TenantService, 'find'>
  /** By network. */
  limit: AttemptLimit
}

export type HostLookup = ReturnType<typeof createHostLookup>

export function createHostLookup({ cache, tenants, limit }: HostLookupOptions) {
  const absent = new LRUCache<string, true>({ max: MOST_ABSENT, ttl: ABSENT_MS })

  /** Throws `too_many_requests` when `network` asked for unknown ones too often. */
  return async (handle: string, network: string): Promise<InstanceRow | undefined> => {
    // Memory comes first, so a row that arrives there counts at once, whatever was absent before.
    const known = cache.ofHandle(handle)
    if (known) return known
    // Counted before the memory of absent ones is asked: what answers them may query the database, too.
    await limit.take(network)
    if (absent.has(handle)) return undefined
    const found = await tenants.find(handle)
    if (found) await limit.giveBack(network)
    else absent.set(handle, true)
    return found
  }
}
