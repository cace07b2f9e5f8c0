/** Exports in a folder of this machine: `INSTANCE.EXPORT`, and `INSTANCE.EXPORT.part-…` until the file is whole. */
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isMissing } from '@matrixos/host/files'
import { idSchema } from '@matrixos/shared'
import type { ExportFiles, ExportRef } from '../../../ports/export-files.ts'

export interface LocalExportFilesOptions {
  folder: string
}

const NAME = /^(ins_\w+)\.([0-9a-f]{32})(\.part-\S+)?$/

export function createLocalExportFiles({ folder }: LocalExportFilesOptions): ExportFiles {
  function pathOf({ instanceId, exportId }: ExportRef): string {
    const name = `${instanceId}.${exportId}`
    if (!NAME.test(name)) throw new TypeError('Not the id of an export.')
    return join(folder, name)
  }

  /** With the name of each file. */
  async function entries(): Promise<(ExportRef & { name: string })[]> {
    const found = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw error
    })
    return found.flatMap((name) => {
      const [, owner, exportId] = NAME.exec(name) ?? []
      const instanceId = idSchema('ins').safeParse(owner)
      return instanceId.success && exportId ? [{ name, instanceId: instanceId.data, exportId }] : []
    })
  }

  async function remove(file: ExportRef): Promise<void> {
    for (const { name, instanceId, exportId } of await entries())
      if (instanceId === file.instanceId && exportId === file.exportId)
        await rm(join(folder, name), { force: true })
  }

  /** Of a file that is whole now: what a kill has left of it. */
  async function removeParts(file: ExportRef): Promise<void> {
    for (const { name, instanceId, exportId } of await entries())
      if (instanceId === file.instanceId && exportId === file.exportId && join(folder, name) !== pathOf(file))
        await rm(join(folder, name), { force: true })
  }

  async function sync(path: string): Promise<void> {
    const file = await open(path)
    await file.sync().finally(() => file.close())
  }

  return {
    async write(file, bytes, signal) {
      const path = pathOf(file)
      const part = `${path}.part-${randomUUID()}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        await pipeline(bytes, createWriteStream(part, { mode: 0o600 }), { signal })
        await sync(part)
        await rename(part, path)
        await removeParts(file)
      } finally {
        await rm(part, { force: true })
      }
      await sync(folder)
      return (await lstat(path)).size
    },

    sizeOf: (file) =>
      lstat(pathOf(file)).then(
        ({ size }) => size,
        (error: unknown) => {
          if (isMissing(error)) return null
          throw error
        },
      ),

    read: (file, offset) => createReadStream(pathOf(file), { start: offset, highWaterMark: 256 * 1024 }),

    remove,
    all: async () => (await entries()).map(({ instanceId, exportId }) => ({ instanceId, exportId })),

    async freeBytes() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}
