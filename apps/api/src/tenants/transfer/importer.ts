/** One import from its whole upload to the computer that runs with it, told of in the database as it goes. */
import type { ImportState, Observed } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import { AppError, isDatabaseAway } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import { decompressed } from './compression.ts'
import { manifestOf } from './manifest.ts'
import { homeTooSmall, isDiskFull, isUsedUp, noRoom, SPARE_BYTES } from './room.ts'
import type { Actor, MovedRow, TransfersOptions } from './service.ts'
import type { ImportJob } from './store.ts'

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

export const noteIn =
  (audit: Pick<Audit, 'record'>): Note =>
  (row, who, action) =>
    audit.record({ ...who, action, target: row.id })

interface Work {
  signal: AbortSignal
  isFull: () => boolean
}

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
    await restart(row).catch((error: unknown) => {
      if (isDatabaseAway(error)) throw error
      log.warn({ err: error, instance: row.id }, 'an imported home still waits for a start')
    })
    if (await transfer.hasNext(row))
      throw new AppError(
        'conflict',
        'Another home waits for this computer to start. Wake it, then import again.',
      )
  }

  /** Of an import that goes on after a kill: what was unpacked as a whole is not unpacked again. */
  async function unpack(row: MovedRow, uploadId: string, state: ImportState, work: Work): Promise<void> {
    const staged = await transfer.staged(row, uploadId)
    if (staged !== null) {
      state.manifest = manifestOf(staged)
      return
    }
    await adoptWaiting(row)
    const { freeBytes } = await homes.space()
    const file = transfer.readUpload(row, uploadId)
    const archive = decompressed(file, {
      limitBytes: Math.min(limitBytes, freeBytes - SPARE_BYTES),
      isFull: work.isFull,
      onRead: (bytes) => {
        state.doneBytes = bytes
      },
    })
    const stop = () => archive.destroy(new Error('This process stops.'))
    work.signal.addEventListener('abort', stop)
    // What fails before it reads would leave the file open, and its space taken, for as long as this process lives.
    state.manifest = await transfer.stage(row, archive, manifestOf, uploadId).finally(() => {
      work.signal.removeEventListener('abort', stop)
      archive.destroy()
    })
  }

  /**
   * An import from wherever it stands. Once `signal` aborts nothing more is written: another process goes on. Rejects while the
   * database is away, which is nobody's failure: the job comes again.
   */
  async function takeIn(row: MovedRow, { uploadId, who, ...found }: ImportJob, signal: AbortSignal) {
    const state = { ...found.state }
    const write = () => imports.write(row.id, uploadId, { ...state })
    const tell = () =>
      write().catch((error: unknown) =>
        log.warn({ err: error, instance: row.id }, 'where an import stands could not be written down'),
      )
    let isFull = false
    const telling = startLoop('import-progress', PROGRESS_MS, log, async () => {
      isFull = isUsedUp(await homes.space())
      await tell()
    })
    try {
      const wasUnpacked = state.status === 'restarting'
      await unpack(row, uploadId, state, { signal, isFull: () => isFull })
      if (!wasUnpacked) await note(row, who, 'home_imported')
      state.status = 'restarting'
      await tell()
      // A visit may have started it with the imported home.
      if (await transfer.hasNext(row)) await restart(row)
      state.status = 'done'
    } catch (error) {
      if (isDatabaseAway(error)) {
        await telling.close()
        throw error
      }
      log.warn({ err: error, instance: row.id }, 'an import failed')
      state.message = reasonOf(error, state, homes.enforces.disk)
      state.status = 'failed'
    }
    await telling.close()
    if (signal.aborted && state.status === 'failed') return
    await transfer.dropUpload(row, uploadId).catch(() => undefined)
    await tell()
  }

  return { restart, takeIn }
}

const WAITS_FOR_START =
  'The archive is unpacked, but the computer could not be restarted. Its next start uses the imported home.'

/** For the owner: what tar complained about is for the log. `isWalled`: what is full first is the home. */
function reasonOf(error: unknown, { status }: ImportState, isWalled: boolean): string {
  if (error instanceof AppError) return error.message
  if (isDiskFull(error)) return (isWalled ? homeTooSmall() : noRoom()).message
  return status === 'restarting'
    ? WAITS_FOR_START
    : 'This file is not a whole export of a computer. Nothing has changed.'
}
