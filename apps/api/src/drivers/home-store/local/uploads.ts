/** Archives that come in, piece by piece, as `upload-ID` in the folder of each instance. */
import { createReadStream } from 'node:fs'
import { lstat, open, writeFile } from 'node:fs/promises'
import { isMissing } from '@matrixos/host/files'
import type { HomeRef } from '../../../ports/home-store.ts'
import type { HomeTransfer } from '../../../ports/home-transfer.ts'
import { deleteTree } from './tree.ts'

const UPLOAD = /^upload-[0-9a-f]{32}$/
/** The manifest of an upload that is unpacked as a whole: from here on it only has to be moved. */
export const STAGED = /^staged-[0-9a-f]{32}$/

export interface UploadsOptions {
  at: (home: HomeRef, name: string) => string
  deleteAll: (home: HomeRef, pattern: RegExp) => Promise<void>
  /** Throws where the folder is another instance's. */
  requireOwn: (home: HomeRef) => Promise<void>
  stagedAt: (home: HomeRef, id: string) => string
}

type Uploads = Pick<HomeTransfer, 'beginUpload' | 'uploaded' | 'append' | 'readUpload' | 'dropUpload'>

export function createUploads({ at, deleteAll, requireOwn, stagedAt }: UploadsOptions): Uploads {
  const uploadAt = (home: HomeRef, id: string): string => {
    if (!UPLOAD.test(`upload-${id}`)) throw new TypeError('Not the id of an upload.')
    return at(home, `upload-${id}`)
  }

  const uploaded = (home: HomeRef, id: string): Promise<number | null> =>
    lstat(uploadAt(home, id)).then(
      ({ size }) => size,
      (error: unknown) => {
        if (isMissing(error)) return null
        throw error
      },
    )

  return {
    async beginUpload(home, id) {
      await requireOwn(home)
      await deleteAll(home, UPLOAD)
      await deleteAll(home, STAGED)
      await writeFile(uploadAt(home, id), '', { flag: 'wx', mode: 0o600 })
    },
    uploaded,
    async append(home, id, offset, bytes) {
      const size = await uploaded(home, id)
      if (size !== offset) return size
      const file = await open(uploadAt(home, id), 'r+')
      try {
        // On a disk that is almost full it may be less than was asked for.
        return offset + (await file.write(bytes, 0, bytes.byteLength, offset)).bytesWritten
      } finally {
        await file.close()
      }
    },
    readUpload: (home, id) => createReadStream(uploadAt(home, id), { highWaterMark: 1024 * 1024 }),
    async dropUpload(home, id) {
      await deleteTree(uploadAt(home, id))
      await deleteTree(stagedAt(home, id))
    },
  }
}
