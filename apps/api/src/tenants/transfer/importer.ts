/** One import from its whole upload to the computer that runs with it, told of in the database as it goes. */
import type { ImportState, Observed } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import { decompressed } from './compression.ts'
import { manifestOf } from './manifest.ts'
import { isDiskFull, noRoom, SPARE_BYTES } from './room.ts'
import type { Actor, MovedRow, TransfersOptions } from './service.ts'

const RESTART_MS = 60_000
const AT_REST = new Set<Observed>(['stopped', 'failed', 'archived'])
/** Between two words of an import about how far it is. */
const PROGRESS_MS = 1_000

/** Of the audit log. */
export type Note = (
  row: MovedRow,
  who: Actor,
  action: 'home_exported' | 'home_imported' | 'home_taken_back',
) => Promise<void>

export interface ImporterOptions
  extends Pick<TransfersOptions, 'homes' | 'tenants' | 'imports' | 'limitBytes' | 'log'> {
  note: Note
}

export function createImporter({ homes, tenants, imports, limitBytes, log, note }: ImporterOptions) {
  const { transfer } = homes

  /** What waits for a start is in use from then on; a visit that starts it in between is as good. */
  async function restart(row: MovedRow): Promise<void> {
    if (row.isSuspended) return
    const within = () => AbortSignal.timeout(RESTART_MS)
    await tenants.commandByPlatform(row.userId, 'sleep')
    await tenants.waitFor(row.id, ({ observed }) => AT_REST.has(observed), within())
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
    const write = () => imports.write(row.id, uploadId, { ...state })
    const tell = () =>
      write().catch((error: unknown) =>
        log.warn({ err: error, instance: row.id }, 'where an import stands could not be written down'),
      )
    let isFull = false
    const telling = startLoop('import-progress', PROGRESS_MS, log, async () => {
      isFull = (await homes.space()).freeBytes < SPARE_BYTES
      await tell()
    })
    try {
      await adoptWaiting(row)
      const { freeBytes } = await homes.space()
      const file = transfer.readUpload(row, uploadId)
      const archive = decompressed(file, {
        limitBytes: Math.min(limitBytes, freeBytes - SPARE_BYTES),
        isFull: () => isFull,
        onRead: (bytes) => {
          state.doneBytes = bytes
        },
      })
      // What fails before it reads would leave the file open, and its space taken, for as long as this process lives.
      state.manifest = await transfer.stage(row, archive, manifestOf).finally(() => archive.destroy())
      await note(row, who, 'home_imported')
      state.status = 'restarting'
      await tell()
      await restart(row)
      state.status = 'done'
    } catch (error) {
      log.warn({ err: error, instance: row.id }, 'an import failed')
      state.message = reasonOf(error, state)
      state.status = 'failed'
    }
    await telling.close()
    await transfer.dropUpload(row, uploadId).catch(() => undefined)
    await tell()
  }

  /** What became of an import whose process ended on the way, as far as the disk tells. */
  async function becameOf(row: MovedRow, state: ImportState): Promise<ImportState> {
    if (await transfer.hasNext(row)) return { ...state, status: 'failed', message: WAITS_FOR_START }
    return state.status === 'unpacking'
      ? { ...state, status: 'failed', message: CUT_OFF }
      : { ...state, status: 'done' }
  }

  return { restart, takeIn, becameOf }
}

const WAITS_FOR_START =
  'The archive is unpacked, but the computer could not be restarted. Its next start uses the imported home.'
const CUT_OFF = 'The platform was restarted during the import. Nothing has changed: import the file again.'

/** For the owner: what tar complained about is for the log. */
function reasonOf(error: unknown, { status }: ImportState): string {
  if (error instanceof AppError) return error.message
  if (isDiskFull(error)) return noRoom().message
  return status === 'restarting'
    ? WAITS_FOR_START
    : 'This file is not a whole export of a computer. Nothing has changed.'
}
