/** Writes the file of an export, as long as somebody wants it and there is room. */
import { AppError } from '../../errors.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { ExportFiles, ExportRef } from '../../ports/export-files.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { Bytes } from '../../ports/home-transfer.ts'
import { compressed } from './compression.ts'
import type { ExportStore } from './export-store.ts'
import { SPARE_BYTES } from './room.ts'
import type { MovedRow } from './service.ts'

/** Between two words of an export about how far it is, in which it also hears that nobody wants it any more. */
const PROGRESS_MS = 1_000

export const NO_ROOM = 'There is not enough space on the server’s disk to keep this export. Try again later.'
const noRoom = () => new AppError('conflict', NO_ROOM)

export interface ExportWriterOptions {
  homes: Pick<HomeStore, 'measure'>
  exports: Pick<ExportStore, 'reserve' | 'write'>
  files: Pick<ExportFiles, 'write' | 'freeBytes'>
  /** The plain archive of all that belongs to the person. */
  archiveOf: (row: MovedRow, signal: AbortSignal) => Promise<Bytes>
  /** Of all files that are kept, in bytes. */
  roomBytes: number
  log: Log
}

interface Written {
  /** Of the plain archive. */
  doneBytes: number
  /** What is set aside: as much as the home takes, or more where that is not enough. */
  totalBytes: number | null
  fileBytes: number
}

async function* counted(bytes: Bytes, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    onBytes(piece.byteLength)
    yield piece
  }
}

export function createExportWriter(options: ExportWriterOptions) {
  const { homes, exports, files, archiveOf, roomBytes, log } = options

  /** `false`: nobody wants it any more. */
  async function reserve(ref: ExportRef, bytes: number): Promise<boolean> {
    const found = await exports.reserve(ref, bytes, roomBytes)
    if (found === 'full') throw noRoom()
    return found === 'reserved'
  }

  /** Tells how far it is. `false`: nobody wants it any more. Throws `conflict` where the room is used up. */
  async function tell(ref: ExportRef, state: Written): Promise<boolean> {
    if ((await files.freeBytes()) < SPARE_BYTES) throw noRoom()
    const { doneBytes, fileBytes } = state
    // A computer that runs can write faster than it is packed.
    if (fileBytes > (state.totalBytes ?? 0)) {
      state.totalBytes = fileBytes
      if (!(await reserve(ref, fileBytes))) return false
    }
    return await exports.write(ref, { doneBytes, totalBytes: state.totalBytes })
  }

  /** Answers the size of the file. `unwanted` aborts what nobody waits for any more. */
  return async (row: MovedRow, ref: ExportRef, unwanted: AbortController, signal: AbortSignal) => {
    const state: Written = { doneBytes: 0, totalBytes: await homes.measure(row), fileBytes: 0 }
    const neededBytes = state.totalBytes ?? 0
    if (neededBytes > (await files.freeBytes()) - SPARE_BYTES) throw noRoom()
    await reserve(ref, neededBytes)
    let problem: unknown = null
    const end = AbortSignal.any([signal, unwanted.signal])
    const telling = startLoop('export-progress', PROGRESS_MS, log, async () => {
      const isWanted = await tell(ref, state).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error
        problem = error
        return false
      })
      if (!isWanted) unwanted.abort()
    })
    try {
      const archive = counted(await archiveOf(row, end), (bytes) => {
        state.doneBytes += bytes
      })
      const file = counted(compressed(archive), (bytes) => {
        state.fileBytes += bytes
      })
      return await files.write(ref, file, end)
    } catch (error) {
      throw problem ?? error
    } finally {
      // Also what still packs for a file that could not be written.
      unwanted.abort()
      await telling.close()
    }
  }
}
