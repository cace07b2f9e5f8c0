/** Wires errands: what the platform hands to instances, and how long they are kept awake for it. */
import { errandReport, type Hosts, type InstanceId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { InstanceCalls } from '../http/instance-calls.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Log } from '../log.ts'
import type { TenantsModule } from '../tenants/module.ts'
import { createHandOver } from './hand-over.ts'
import { createErrandStore } from './store.ts'

export interface ErrandsModuleOptions {
  hosts: Hosts
  database: Database
  tenantsModule: Pick<TenantsModule, 'cache' | 'tenants' | 'tokenOf'>
  clock: Clock
  log: Log
}

/** Between two looks at what has said nothing in time. */
const OVERDUE_MS = 10_000

export function createErrandsModule(options: ErrandsModuleOptions) {
  const { hosts, database, tenantsModule, clock, log } = options
  const store = createErrandStore(database)
  const { cache, tenants, tokenOf } = tenantsModule
  const loop = startLoop('errands', OVERDUE_MS, log, async () => {
    for (const id of await store.overdue()) await tenants.ensureAwake(id, { isUse: false })
  })
  const calls: InstanceCalls = {
    'PUT /errand': async (instanceId: InstanceId, body: unknown) => {
      const { isBusy } = errandReport.parse(body)
      await (isBusy ? store.renew(instanceId) : store.end(instanceId))
      return {}
    },
  }
  return {
    handOver: createHandOver({ hosts, cache, tenants, tokenOf, clock, errands: store }),
    calls,
    close: loop.close,
  }
}
