/** Sends one file, from wherever the computer says that it has it. */

import { CHUNK_BYTES } from '../../../../src/files/api/protocol.ts'
import { FilesError } from '../client/problem.ts'
import type { UploadsApi } from '../client/uploads.ts'
import type { Transfer } from './transfer.ts'

const FIRST_PIECE = 512 * 1024
/** Pieces grow until one takes about this long: progress is seen, and a lost connection costs little. */
const PIECE_MS = 1_500

export interface SendOptions {
  api: UploadsApi
  now: () => number
  signal: AbortSignal
  onProgress: (change: Pick<Transfer, 'sent'> & Partial<Pick<Transfer, 'uploadId'>>) => void
}

/** Rejects with what the calls reject with; status 0 and a message where the file itself cannot be read. */
export async function send(transfer: Transfer, source: Blob, options: SendOptions): Promise<void> {
  const { api, now, signal, onProgress } = options
  const upload = (await find(transfer, api, signal)) ?? (await api.begin(transfer, signal))
  let { offset } = upload
  let piece = FIRST_PIECE
  onProgress({ uploadId: upload.id, sent: offset })
  while (offset < transfer.size) {
    const part = await readable(source.slice(offset, offset + piece))
    const startedAt = now()
    try {
      offset = (await api.send(upload.id, offset, part, signal)).offset
    } catch (error) {
      // A piece arrived whose answer did not.
      if (!(error instanceof FilesError && error.status === 409 && error.offset !== undefined)) throw error
      offset = error.offset
    }
    if (now() - startedAt < PIECE_MS / 2) piece = Math.min(CHUNK_BYTES, piece * 2)
    else if (now() - startedAt > PIECE_MS) piece = Math.max(FIRST_PIECE / 4, piece / 2)
    onProgress({ sent: offset })
  }
  await api.finish(upload.id, transfer.ifExists, signal)
}

/** `null`: it did not begin, or the computer has given it up meanwhile. */
async function find({ uploadId }: Transfer, api: UploadsApi, signal: AbortSignal) {
  if (uploadId === null) return null
  return api.look(uploadId, signal).catch((error) => {
    if (error instanceof FilesError && error.status === 404) return null
    throw error
  })
}

const UNREADABLE = 'Your browser can’t read this file any more. Was it moved or changed?'

/** The browser calls a file that it cannot read a broken connection, so it is read first. */
async function readable(part: Blob): Promise<Blob> {
  try {
    return new Blob([await part.arrayBuffer()])
  } catch {
    throw new FilesError(UNREADABLE, { status: 410 })
  }
}
