/**
 * Export and import of a computer. An import is uploaded in pieces, unpacked beside the home that is in use, and takes
 * its place at a restart; the home before is kept for some days, to be taken back.
 */
import type { Readable } from 'node:stream'
import type { HomeManifest, ImportState, TransferState, UserId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { TenantService } from '../service.ts'
import type { InstanceRow } from '../store.ts'
import { compressed, decompressed } from './compression.ts'
import { manifestOf } from './manifest.ts'
import type { ImportStore } from './store.ts'

const DAY_MS = 86_400_000
/** How long the home before an import is kept. */
const EARLIER_DAYS = 7
/** Left free on the disk, for everybody's computers. */
const SPARE_BYTES = 256 * 1_048_576
const RESTART_MS = 60_000
/** Between two words of an import about how far it is. */
const PROGRESS_MS = 1_000

export interface TransfersOptions {
  homes: Pick<HomeStore, 'transfer' | 'space'>
  tenants: Pick<TenantService, 'commandByPlatform' | 'waitFor'>
  imports: ImportStore
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

/** Whose computer it is. */
export type MovedRow = Pick<InstanceRow, 'id' | 'userId' | 'handle' | 'isSuspended'>

export type Transfers = ReturnType<typeof createTransfers>

const noUpload = () => new AppError('not_found', 'This upload is not there any more. Begin again.')
const busy = () => new AppError('conflict', 'An import is under way. Wait until it is done.')
const noRoom = () =>
  new AppError('conflict', 'There is not enough space for this archive on the server’s disk.')

export function createTransfers(options: TransfersOptions) {
  const { homes, tenants, imports, displayNameOf, limitBytes, version, audit, clock, log } = options
  const { transfer } = homes
  const now = () => new Date(clock.now())
  const note = (row: MovedRow, who: Actor, action: 'home_exported' | 'home_imported' | 'home_taken_back') =>
    audit.record({ ...who, action, target: row.id })

  /** The next hour tries again, and the others are not to wait for it. */
  const cannotDelete = (row: MovedRow) => (error: unknown) =>
    log.warn({ err: error, instance: row.id }, 'an earlier home could not be deleted')

  async function refuseWhileBusy(row: MovedRow): Promise<void> {
    const found = await imports.of(row.id)
    if (found && isUnderWay(found.state) && !found.isLost) throw busy()
  }

  /** What waits for a start is in use from then on; a visit that starts it in between is as good. */
  async function restart(row: MovedRow): Promise<void> {
    if (row.isSuspended) return
    const within = () => AbortSignal.timeout(RESTART_MS)
    await tenants.commandByPlatform(row.userId, 'sleep')
    await tenants.waitFor(row.id, ({ observed }) => observed === 'stopped' || observed === 'failed', within())
    await tenants.commandByPlatform(row.userId, 'wake')
    await tenants.waitFor(row.id, ({ observed }) => observed === 'running', within())
  }

  /** What waits for a start gives way to the next import, and may be the home that was just taken back. */
  async function adoptWaiting(row: MovedRow): Promise<void> {
    if (!(await transfer.hasNext(row))) return
    await restart(row).catch((error: unknown) =>
      log.warn({ err: error, instance: row.id }, 'an imported home still waits for a start'),
    )
    if (await transfer.hasNext(row))
      throw new AppError(
        'conflict',
        'Another home waits for this computer to start. Wake it, then import again.',
      )
  }

  async function takeIn(row: MovedRow, uploadId: string, state: ImportState, who: Actor): Promise<void> {
    const tell = () => imports.write(row.id, uploadId, { ...state })
    const telling = startLoop('import-progress', PROGRESS_MS, log, tell)
    try {
      await adoptWaiting(row)
      const { freeBytes } = await homes.space()
      const file = transfer.readUpload(row, uploadId)
      const archive = decompressed(file, Math.min(limitBytes, freeBytes - SPARE_BYTES), (bytes) => {
        state.doneBytes = bytes
      })
      state.manifest = await transfer.stage(row, archive, manifestOf)
      await note(row, who, 'home_imported')
      state.status = 'restarting'
      await restart(row)
      state.status = 'done'
    } catch (error) {
      log.warn({ err: error, instance: row.id }, 'an import failed')
      state.message = reasonOf(error, state)
      state.status = 'failed'
    }
    await telling.close()
    await transfer.dropUpload(row, uploadId).catch(() => undefined)
    await tell().catch((error: unknown) =>
      log.warn({ err: error, instance: row.id }, 'the end of an import could not be written down'),
    )
  }

  /** What became of an import whose process ended on the way, as far as the disk tells. */
  async function lost(row: MovedRow, state: ImportState): Promise<ImportState> {
    if (state.status === 'unpacking') return { ...state, status: 'failed', message: CUT_OFF }
    if (await transfer.hasNext(row)) return { ...state, status: 'failed', message: WAITS_FOR_START }
    return { ...state, status: 'done' }
  }

  return {
    /** The archive as it is made; `signal` ends it early. */
    async export(row: MovedRow, who: Actor, signal: AbortSignal): Promise<Readable> {
      const manifest: HomeManifest = {
        ...{ format: 'matrixos-home', version: 1, handle: row.handle },
        ...{
          displayName: await displayNameOf(row.userId),
          exportedAt: now().toISOString(),
          platform: version,
        },
      }
      await note(row, who, 'home_exported')
      return compressed(await transfer.pack(row, `${JSON.stringify(manifest, null, 2)}\n`, signal))
    },

    /** Throws `conflict` where there is no room. An upload that was begun before is forgotten. */
    async begin(row: MovedRow, sizeBytes: number): Promise<{ uploadId: string }> {
      await refuseWhileBusy(row)
      const { freeBytes } = await homes.space()
      if (sizeBytes > limitBytes || sizeBytes > freeBytes - SPARE_BYTES) throw noRoom()
      const uploadId = Buffer.from(clock.random(16)).toString('hex')
      await transfer.beginUpload(row, uploadId)
      return { uploadId }
    },

    /** How many bytes are there: of a piece that does not fit, where to go on. Throws `not_found`. */
    async append(row: MovedRow, uploadId: string, offset: number, bytes: Uint8Array): Promise<number> {
      await refuseWhileBusy(row)
      if (offset + bytes.byteLength > limitBytes) throw noRoom()
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
      if (!(await imports.begin(row.id, uploadId, totalBytes))) throw busy()
      const state: ImportState = {
        ...{ status: 'unpacking', doneBytes: 0, totalBytes },
        ...{ message: null, manifest: null },
      }
      void takeIn(row, uploadId, state, who)
    },

    async state(row: MovedRow): Promise<TransferState> {
      const since = await transfer.earlierSince(row)
      const found = await imports.of(row.id)
      return {
        import: found && (found.isLost ? await lost(row, found.state) : found.state),
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
      await restart(row)
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
      await imports.deleteOld()
      for (const row of rows) {
        await transfer.dropEarlier(row, daysAgo(EARLIER_DAYS)).catch(cannotDelete(row))
        await transfer.dropLeftovers(row, daysAgo(1)).catch(cannotDelete(row))
      }
    },
  }
}

const WAITS_FOR_START =
  'The archive is unpacked, but the computer could not be restarted. Its next start uses the imported home.'
const CUT_OFF = 'The platform was restarted during the import. Nothing has changed: import the file again.'

const isUnderWay = ({ status }: ImportState): boolean => status === 'unpacking' || status === 'restarting'

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ENOSPC') || /No space left/.test(error.message))

/** For the owner: what tar complained about is for the log. */
function reasonOf(error: unknown, { status }: ImportState): string {
  if (error instanceof AppError) return error.message
  if (isDiskFull(error)) return noRoom().message
  return status === 'restarting'
    ? WAITS_FOR_START
    : 'This file is not a whole export of a computer. Nothing has changed.'
}
