/** Wires the exports that wait for their download: their job, their files, and what deletes them. */
import { type InstanceId, idSchema, type UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { type JobQueue, jobKind } from '../../jobs/queue/queue.ts'
import type { Log } from '../../log.ts'
import type { ExportFiles } from '../../ports/export-files.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { TenantsModule } from '../module.ts'
import { type AccountFilesOptions, createAccountFiles, withMembers } from './account-files.ts'
import { createExportStore } from './export-store.ts'
import { createExporter } from './exporter.ts'
import { createHomeArchive } from './home-archive.ts'
import { noteIn } from './importer.ts'
import { createKeptExports } from './kept-exports.ts'

const EXPORT = 'home-export'
const EXPORTS_AT_ONCE = 2

const exportRefSchema = z.object({ instanceId: idSchema('ins') })

export interface OutgoingOptions extends AccountFilesOptions {
  database: Pick<Database, 'db'>
  queue: Pick<JobQueue, 'add'>
  homes: HomeStore
  files: ExportFiles
  /** Of all files together, in bytes. */
  roomBytes: number
  tenantsModule: Pick<TenantsModule, 'cache' | 'events'>
  displayNameOf: (userId: UserId) => Promise<string>
  version: string
  audit: Audit
  clock: Clock
  log: Log
}

export function createOutgoing(options: OutgoingOptions) {
  const { database, queue, homes, files, roomBytes, tenantsModule, audit, clock, log } = options
  const { cache, events } = tenantsModule
  const exports = createExportStore(database)
  const homeArchive = createHomeArchive({ ...options, transfer: homes.transfer })
  const accountFiles = createAccountFiles(options)
  const exporter = createExporter({
    ...{ homes, exports, files, roomBytes, log },
    archiveOf: async (row, signal) =>
      withMembers(accountFiles(row.userId, new Date(clock.now())), () => homeArchive(row, signal)),
    onReady: (id) => events.note(id, 'export_ready'),
  })
  const cannotForget = (id: InstanceId) => (error: unknown) =>
    log.warn({ err: error, instance: id }, 'an export was not deleted')
  return {
    exports,
    keptExports: createKeptExports({
      ...{ exports, exporter, files, note: noteIn(audit), clock, log },
      enqueue: (instanceId) => queue.add(EXPORT, instanceId, { instanceId }),
    }),
    kind: jobKind({
      ...{ name: EXPORT, schema: exportRefSchema, most: EXPORTS_AT_ONCE },
      perform: async ({ instanceId }, signal) => {
        const row = cache.get(instanceId)
        if (row) await exporter.perform(row, signal)
      },
    }),
    tidy: exporter.tidy,
    /** Whose computer goes, takes the file along; what fails here is found by whoever tidies. Answers what ends it. */
    follow: () =>
      cache.onChange(({ row, removed }) => {
        if (removed) void exporter.forget(row.id).catch(cannotForget(row.id))
      }),
  }
}
