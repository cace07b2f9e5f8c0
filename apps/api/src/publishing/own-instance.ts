/** The instance that a call names, if its caller may do that to it. */
import type { InstanceId } from '@matrixos/shared'
import { type Action, authorize, noSuchInstance } from '../access/policy.ts'
import type { Caller } from '../access/principal.ts'
import type { Clock } from '../clock.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { InstanceRow } from '../tenants/store.ts'

export interface OwnInstanceOptions {
  cache: Pick<InstanceCache, 'get' | 'reloadOne'>
  clock: Clock
}

export type OwnInstance = ReturnType<typeof createOwnInstance>

/** Throws what stands in the way. */
export const createOwnInstance =
  ({ cache, clock }: OwnInstanceOptions) =>
  async ({ principal }: Caller, id: InstanceId, action: Action): Promise<InstanceRow> => {
    // Another api process may have made it a moment ago.
    if (!cache.get(id)) await cache.reloadOne(id)
    const row = cache.get(id)
    if (!row) throw noSuchInstance()
    authorize(principal, action, row, clock.now())
    return row
  }
