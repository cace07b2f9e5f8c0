/** What owners do with exports that wait for their download: ask for one, fetch its file, or want it no more. */
import type { ExportState } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { ExportFiles } from '../../ports/export-files.ts'
import type { Bytes } from '../../ports/home-transfer.ts'
import type { ExportStore } from './export-store.ts'
import type { Exporter } from './exporter.ts'
import type { Note } from './importer.ts'
import type { Actor, MovedRow } from './service.ts'

export interface KeptExportsOptions {
  exports: ExportStore
  exporter: Pick<Exporter, 'forget'>
  files: Pick<ExportFiles, 'sizeOf' | 'read'>
  /** Has it performed, here or in another process, until it is over. */
  enqueue: (id: MovedRow['id']) => Promise<void>
  note: Note
  clock: Pick<Clock, 'random'>
  log: Log
}

export interface ExportFile {
  sizeBytes: number
  /** From `offset` on. */
  read: (offset: number) => Bytes
}

export type KeptExports = ReturnType<typeof createKeptExports>

export function createKeptExports(options: KeptExportsOptions) {
  const { exports, exporter, files, enqueue, note, clock, log } = options

  return {
    state: (row: MovedRow): Promise<ExportState | null> => exports.of(row.id),

    /** In place of the one before. Throws `conflict` while one is under way. */
    async begin(row: MovedRow, who: Actor): Promise<void> {
      const exportId = Buffer.from(clock.random(16)).toString('hex')
      if (!(await exports.begin({ instanceId: row.id, exportId })))
        throw new AppError('conflict', 'Your export is being made already.')
      await note(row, who, 'home_exported')
      await enqueue(row.id).catch((error: unknown) =>
        // Whoever looks for lost ones finds it.
        log.warn({ err: error, instance: row.id }, 'an export waits for the job queue'),
      )
    },

    forget: (row: MovedRow): Promise<void> => exporter.forget(row.id),

    /** Throws `not_found` for what is not ready, and for what is not kept any more. */
    async open(row: MovedRow, exportId: string): Promise<ExportFile> {
      const state = await exports.of(row.id)
      const ref = { instanceId: row.id, exportId }
      const isReady = state?.status === 'ready' && state.id === exportId
      const sizeBytes = isReady ? await files.sizeOf(ref) : null
      if (sizeBytes === null)
        throw new AppError(
          'not_found',
          'This export is not kept any more. Make another one in your settings.',
        )
      return { sizeBytes, read: (offset) => files.read(ref, offset) }
    },

    /** Exports that nobody goes on with, such as after a kill, are performed again. */
    async resume(): Promise<void> {
      for (const id of await exports.lost()) await enqueue(id)
    },
  }
}
