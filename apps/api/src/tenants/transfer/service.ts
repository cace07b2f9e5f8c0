/**
 * Export and import of a computer. An import is uploaded in pieces, unpacked beside the home that is in use, and takes
 * its place at a restart; the home before is kept for some days, to be taken back.
 */
import type { Readable } from 'node:stream'
import type { ImportState, InstanceId, TransferState, UserId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { TenantService } from '../service.ts'
import type { InstanceRow } from '../store.ts'
import { compressed } from './compression.ts'
import type { ExportStore } from './export-store.ts'
import { createHomeArchive } from './home-archive.ts'
import { createImporter, noteIn } from './importer.ts'
import { homeFull, isDiskFull, noRoom, roomForUploads, tooLarge } from './room.ts'
import type { ImportStore } from './store.ts'

const DAY_MS = 86_400_000
/** Whoever reads a home and was not seen for so long, was killed. */
const UNSEEN_MS = 600_000
/** How long the home before an import is kept. */
const EARLIER_DAYS = 7
/** Each takes a process and some megabytes, for as long as its client cares to read it. */
const EXPORTS_AT_ONCE = 2

export interface TransfersOptions {
  homes: Pick<HomeStore, 'transfer' | 'space' | 'enforces'>
  tenants: Pick<TenantService, 'commandByPlatform' | 'waitFor'>
  imports: ImportStore
  exports: Pick<ExportStore, 'of'>
  /** Has an import performed, here or in another process, until it is over. */
  enqueue: (job: ImportRef) => Promise<void>
  displayNameOf: (userId: UserId) => Promise<string>
  /** Of an archive, packed and unpacked. */
  limitBytes: number
  version: string
  audit: Audit
  clock: Clock
  log: Log
}

/** Who asks: the owner, or the server's command line. */
export interface Actor {
  actor: UserId | 'server'
  address: string
}

/** Names an import. */
export interface ImportRef {
  instanceId: InstanceId
  uploadId: string
}

/** Whose computer it is. */
export type MovedRow = Pick<InstanceRow, 'id' | 'userId' | 'handle' | 'isSuspended' | 'diskLevel'>

export type Transfers = ReturnType<typeof createTransfers>

const noUpload = () => new AppError('not_found', 'This upload is not there any more. Begin again.')
const WAITS_FOR_START = 'The computer could not be restarted. Its next start uses the home before the import.'
const manyExports = () =>
  new AppError('too_many_requests', 'Two exports of this computer are under way. Wait for one of them.', {
    retryAfterS: 30,
  })
const busy = () => new AppError('conflict', 'An import is under way. Wait until it is done.')

export function createTransfers(options: TransfersOptions) {
  const { homes, imports, limitBytes, audit, clock, log } = options
  const { transfer } = homes
  const note = noteIn(audit)

  /** The next hour tries again, and the others are not to wait for it. */
  const cannotDelete = (row: MovedRow) => (error: unknown) =>
    log.warn({ err: error, instance: row.id }, 'an earlier home could not be deleted')

  /** Whoever looks for lost ones finds it. */
  const cannotEnqueue = (row: MovedRow) => (error: unknown) =>
    log.warn({ err: error, instance: row.id }, 'an import waits for the job queue')

  const archiveOf = createHomeArchive({ ...options, transfer })
  const exporting = new Map<MovedRow['id'], number>()
  function beginExport({ id }: MovedRow): () => void {
    const count = exporting.get(id) ?? 0
    if (count >= EXPORTS_AT_ONCE) throw manyExports()
    exporting.set(id, count + 1)
    return () => {
      const left = (exporting.get(id) ?? 1) - 1
      if (left > 0) exporting.set(id, left)
      else exporting.delete(id)
    }
  }

  async function refuseWhileBusy(row: MovedRow): Promise<void> {
    const found = await imports.of(row.id)
    if (found && isUnderWay(found.state)) throw busy()
  }

  const { restart, takeIn } = createImporter({ ...options, note })

  return {
    /** The archive as it is made; `signal` ends it early. */
    async export(row: MovedRow, who: Actor, signal: AbortSignal): Promise<Readable> {
      const end = beginExport(row)
      try {
        await note(row, who, 'home_exported')
        return compressed(await archiveOf(row, signal)).once('close', end)
      } catch (error) {
        end()
        throw error
      }
    },

    /** Throws `conflict` where there is no room. An upload that was begun before is forgotten. */
    async begin(row: MovedRow, sizeBytes: number): Promise<{ uploadId: string }> {
      await refuseWhileBusy(row)
      if (row.diskLevel === 'full') throw homeFull()
      if (sizeBytes > limitBytes) throw tooLarge(limitBytes)
      if (sizeBytes > roomForUploads(await homes.space())) throw noRoom()
      const uploadId = Buffer.from(clock.random(16)).toString('hex')
      await transfer.beginUpload(row, uploadId)
      return { uploadId }
    },

    /** How many bytes are there: of a piece that does not fit, where to go on. Throws `not_found`. */
    async append(row: MovedRow, uploadId: string, offset: number, bytes: Uint8Array): Promise<number> {
      await refuseWhileBusy(row)
      if (offset + bytes.byteLength > limitBytes) throw tooLarge(limitBytes)
      // Others write meanwhile, and nobody is held to the size that they announced.
      if (bytes.byteLength > roomForUploads(await homes.space())) throw noRoom()
      const received = await transfer.append(row, uploadId, offset, bytes).catch((error: unknown) => {
        throw isDiskFull(error) ? noRoom() : error
      })
      if (received === null) throw noUpload()
      return received
    },

    /** Begins to unpack; `state` says what becomes of it. */
    async finish(row: MovedRow, uploadId: string, who: Actor): Promise<void> {
      const totalBytes = await transfer.uploaded(row, uploadId)
      if (totalBytes === null) throw noUpload()
      if (!(await imports.begin(row.id, { uploadId, totalBytes, who }))) throw busy()
      await options.enqueue({ instanceId: row.id, uploadId }).catch(cannotEnqueue(row))
    },

    /** Performs an import, or what is left of it. */
    async import(row: MovedRow, uploadId: string, signal: AbortSignal): Promise<void> {
      const job = await imports.job(row.id, uploadId)
      if (job) await takeIn(row, job, signal)
    },

    /** Imports that nobody goes on with, such as after a kill, are performed again. */
    async resume(): Promise<void> {
      for (const job of await imports.lost()) await options.enqueue(job)
    },

    async state(row: MovedRow): Promise<TransferState> {
      const since = await transfer.earlierSince(row)
      const found = await imports.of(row.id)
      return {
        import: found?.state ?? null,
        export: await options.exports.of(row.id),
        earlierSince: since?.toISOString() ?? null,
        earlierDays: EARLIER_DAYS,
      }
    },

    /** Throws `not_found`. */
    async takeBack(row: MovedRow, who: Actor): Promise<void> {
      await refuseWhileBusy(row)
      if (!(await transfer.takeBack(row)))
        throw new AppError('not_found', 'There is no earlier home to go back to.')
      await imports.forget(row.id)
      await note(row, who, 'home_taken_back')
      await restart(row).catch((error: unknown) => {
        log.warn({ err: error, instance: row.id }, 'a home that was taken back waits for a start')
        throw new AppError('conflict', WAITS_FOR_START)
      })
    },

    /** The import is good: the home before it is deleted at once. */
    async confirm(row: MovedRow): Promise<void> {
      await refuseWhileBusy(row)
      await imports.forget(row.id)
      await transfer.dropEarlier(row, new Date(clock.now() + DAY_MS))
    },

    /** Homes that have been kept for long enough, and what was left lying by uploads and by kills. */
    async deleteEarlier(rows: Iterable<MovedRow>): Promise<void> {
      const daysAgo = (days: number) => new Date(clock.now() - days * DAY_MS)
      const unseenSince = new Date(clock.now() - UNSEEN_MS)
      await imports.deleteOld()
      for (const row of rows) {
        await transfer.dropEarlier(row, daysAgo(EARLIER_DAYS)).catch(cannotDelete(row))
        await transfer.dropLeftovers(row, daysAgo(1), unseenSince).catch(cannotDelete(row))
      }
    },
  }
}

const isUnderWay = ({ status }: ImportState): boolean => status === 'unpacking' || status === 'restarting'
