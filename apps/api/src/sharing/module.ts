/** Wires who may see whose instance. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Log } from '../log.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import { createSharedWithMe, createSharing } from './service.ts'
import { createShares } from './shares.ts'
import { createSharingStore } from './store.ts'

export interface SharingModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  cache: InstanceCache
  audit: Audit
  clock: Clock
  log: Log
}

/** With the time that a read takes, what nobody told of still ends within the promised 5 s. */
const RELOAD_MS = 4_000

export async function createSharingModule(options: SharingModuleOptions) {
  const { env, hosts, database, notifications, cache, audit, clock, log } = options
  const store = createSharingStore(database)
  const shares = await createShares({ store, notifications, log })
  const loop = startLoop('shares', RELOAD_MS, log, shares.reload)
  const mostViewers = env.VIEWERS_PER_INSTANCE
  return {
    shares,
    sharing: createSharing({ store, shares, cache, audit, clock, hosts, mostViewers }),
    sharedWithMe: createSharedWithMe({ store, cache, hosts }),
    async close(): Promise<void> {
      await loop.close()
      await shares.close()
    },
  }
}
