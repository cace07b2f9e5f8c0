/** Wires export and import of computers. */
import type { UserId } from '@matrixos/shared'
import { isLeaving, normalizeHandle } from '@matrixos/shared'
import { noSuchInstance } from '../../access/policy.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Env } from '../../env.ts'
import { AppError } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import { BEING_DELETED } from '../../texts.ts'
import type { TenantsModule } from '../module.ts'
import { createTransfers } from './service.ts'
import { createImportStore } from './store.ts'

const TIDY_MS = 3_600_000

export interface TransferModuleOptions {
  env: Pick<Env, 'TRANSFER_BYTES'>
  database: Pick<Database, 'db'>
  homes: HomeStore
  tenantsModule: Pick<TenantsModule, 'cache' | 'tenants'>
  displayNameOf: (userId: UserId) => Promise<string>
  version: string
  audit: Audit
  clock: Clock
  log: Log
}

export function createTransferModule(options: TransferModuleOptions) {
  const { env, database, tenantsModule, log } = options
  const { cache, tenants } = tenantsModule
  const imports = createImportStore(database)
  const transfers = createTransfers({ ...options, tenants, imports, limitBytes: env.TRANSFER_BYTES })
  const tidy = startLoop('earlier-homes', TIDY_MS, log, () => transfers.deleteEarlier(cache.all()))
  return {
    transfers,
    /** What its owner has deleted can be taken along for as long as it is there, and is changed no more. */
    async ownRow(userId: UserId, { toChange = true } = {}) {
      // Another api process may have made it a moment ago.
      await tenants.ownedBy(userId)
      const row = cache.ofUser(userId)
      if (!row || row.desired === 'deleted') throw noSuchInstance()
      if (toChange && isLeaving(row.desired)) throw new AppError('conflict', BEING_DELETED)
      return row
    },
    async rowOfHandle(text: string) {
      const handle = normalizeHandle(text)
      const row = cache.ofHandle(handle) ?? (await tenants.find(handle))
      if (!row || isLeaving(row.desired))
        throw new AppError('not_found', `There is no computer of ${handle || 'nobody'} here.`)
      return row
    },
    close: tidy.close,
  }
}
