/**
 * Exports that wait for their download: packed by a job into a file that is kept for a day. Whoever is killed on the way,
 * another process begins the file anew, and one that was whole already is not packed again.
 */
import type { InstanceId } from '@matrixos/shared'
import { AppError, isDatabaseAway } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { ExportFiles, ExportRef } from '../../ports/export-files.ts'
import type { ExportStore } from './export-store.ts'
import { createExportWriter, type ExportWriterOptions, NO_ROOM } from './export-writer.ts'
import { isDiskFull } from './room.ts'
import type { MovedRow } from './service.ts'

const BROKE_OFF = 'Your files could not be packed. Nothing has changed. Try again.'

export interface ExporterOptions extends ExportWriterOptions {
  exports: ExportStore
  files: ExportFiles
  onReady: (id: InstanceId) => void
  log: Log
}

export type Exporter = ReturnType<typeof createExporter>

async function dropAllOf(files: ExportFiles, id: InstanceId, keep?: string): Promise<void> {
  for (const file of await files.all())
    if (file.instanceId === id && file.exportId !== keep) await files.remove(file)
}

export function createExporter(options: ExporterOptions) {
  const { exports, files, onReady, log } = options
  /** Of this process: what is cancelled here ends at once. */
  const underWay = new Map<InstanceId, AbortController>()

  const write = createExportWriter(options)

  async function make(row: MovedRow, ref: ExportRef, signal: AbortSignal): Promise<void> {
    const unwanted = new AbortController()
    underWay.set(row.id, unwanted)
    try {
      await dropAllOf(files, row.id, ref.exportId)
      const size = (await files.sizeOf(ref)) ?? (await write(row, ref, unwanted, signal))
      if (await exports.finish(ref, size)) onReady(row.id)
    } catch (error) {
      // Nobody's failure: the job comes again.
      if (signal.aborted || isDatabaseAway(error)) throw error
      log.warn({ err: error, instance: row.id }, 'an export failed')
      await exports.fail(ref, reasonOf(error))
    } finally {
      underWay.delete(row.id)
    }
  }

  return {
    /** Performs what was asked for, and what is asked for meanwhile. Once `signal` aborts, another process goes on. */
    async perform(row: MovedRow, signal: AbortSignal): Promise<void> {
      for (;;) {
        const exportId = signal.aborted ? null : await exports.job(row.id)
        if (exportId === null) return
        await make(row, { instanceId: row.id, exportId }, signal)
      }
    },

    /** Cancels what is under way, or deletes the file. */
    async forget(id: InstanceId): Promise<void> {
      await exports.forget(id)
      underWay.get(id)?.abort()
      await dropAllOf(files, id)
    },

    /** Files whose time is over, and those of people who are gone. */
    async tidy(): Promise<void> {
      // In this order: a file that was seen and that no row names then is nobody's, whatever begins meanwhile.
      const there = await files.all()
      const kept = await exports.kept()
      for (const file of there) if (kept.get(file.instanceId) !== file.exportId) await files.remove(file)
    },
  }
}

/** For the owner: what tar complained about is for the log. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  return isDiskFull(error) ? NO_ROOM : BROKE_OFF
}
