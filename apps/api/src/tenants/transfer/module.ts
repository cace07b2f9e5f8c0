/** Wires export and import of computers. */
import type { UserId } from '@matrixos/shared'
import { idSchema, isLeaving, normalizeHandle, uploadIdSchema } from '@matrixos/shared'
import { z } from 'zod'
import { noSuchInstance } from '../../access/policy.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Env } from '../../env.ts'
import { AppError } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import { createJobQueue, jobKind } from '../../jobs/queue/queue.ts'
import type { Log } from '../../log.ts'
import type { ExportFiles } from '../../ports/export-files.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import { BEING_DELETED } from '../../texts.ts'
import type { TenantsModule } from '../module.ts'
import type { AccountFilesOptions } from './account-files.ts'
import { createOutgoing } from './outgoing.ts'
import { createTransfers } from './service.ts'
import { createImportStore } from './store.ts'

const TIDY_MS = 3_600_000
/** Between two looks for imports and exports whose process is gone. */
const RESUME_MS = 15_000
const IMPORT = 'home-import'
const IMPORTS_AT_ONCE = 2

const importRefSchema = z.object({ instanceId: idSchema('ins'), uploadId: uploadIdSchema })

export interface TransferModuleOptions extends AccountFilesOptions {
  env: Pick<Env, 'TRANSFER_BYTES' | 'EXPORTS_BYTES'>
  database: Pick<Database, 'db' | 'door'>
  homes: HomeStore
  exportFiles: ExportFiles
  tenantsModule: Pick<TenantsModule, 'cache' | 'tenants' | 'events'>
  version: string
  audit: Audit
  clock: Clock
  log: Log
}

/** Whose computer is meant. */
function rowsOf({ cache, tenants }: Pick<TenantsModule, 'cache' | 'tenants'>) {
  return {
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
  }
}

export function createTransferModule(options: TransferModuleOptions) {
  const { env, database, tenantsModule, log } = options
  const { cache, tenants } = tenantsModule
  const imports = createImportStore(database)
  const queue = createJobQueue({ door: database.door, log })
  const displayNameOf = async (id: UserId) => (await options.userOf(id)).displayName
  const outgoing = createOutgoing({
    ...{ ...options, queue, displayNameOf, files: options.exportFiles, roomBytes: env.EXPORTS_BYTES },
  })
  const { exports, keptExports } = outgoing
  const transfers = createTransfers({
    ...{ ...options, tenants, imports, exports, displayNameOf, limitBytes: env.TRANSFER_BYTES },
    enqueue: (job) => queue.add(IMPORT, job.instanceId, job),
  })
  const importKind = jobKind({
    ...{ name: IMPORT, schema: importRefSchema, most: IMPORTS_AT_ONCE },
    perform: async ({ instanceId, uploadId }, signal) => {
      const row = cache.get(instanceId)
      if (row) await transfers.import(row, uploadId, signal)
    },
  })
  const working = queue.start([importKind, outgoing.kind])
  const unfollow = outgoing.follow()
  const resuming = startLoop('lost-transfers', RESUME_MS, log, async () => {
    await transfers.resume()
    await keptExports.resume()
  })
  const tidy = startLoop('earlier-homes', TIDY_MS, log, async () => {
    await transfers.deleteEarlier(cache.all())
    await outgoing.tidy()
  })
  return {
    ...{ transfers, keptExports, ...rowsOf(tenantsModule) },
    async close(): Promise<void> {
      unfollow()
      await Promise.all([tidy.close(), resuming.close(), queue.close()])
      await working
    },
  }
}
