/** Brings a file to the platform in pieces, and goes on where a piece was lost. */
import { TRANSFER_PATH, UPLOAD_CHUNK_BYTES } from '@matrixos/shared'
import { z } from 'zod'

export interface UploadOptions {
  file: Pick<Blob, 'size' | 'slice'>
  uploadId: string
  fetch: typeof fetch
  /** Renews a session that has run out; asked once for each piece. */
  renew: () => Promise<unknown>
  /** Before another try. */
  pause: (tries: number) => Promise<void>
  onProgress: (bytes: number) => void
  signal: AbortSignal
}

/** Its message is for people. */
export class UploadError extends Error {}

const MOST_TRIES = 8
const refusalSchema = z.object({ message: z.string() })
const receivedSchema = z.object({ received: z.number().int().min(0) })

/** Throws an UploadError with what the platform said, or that it cannot be reached. */
export async function upload(options: UploadOptions): Promise<void> {
  const { file, onProgress, signal } = options
  for (let offset = 0; offset < file.size; ) {
    signal.throwIfAborted()
    offset = await sendPiece(options, offset)
    onProgress(offset)
  }
}

async function sendPiece(options: UploadOptions, offset: number): Promise<number> {
  const { file, uploadId, renew, pause, signal } = options
  let problem = 'The connection was lost.'
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await options
      .fetch(`${TRANSFER_PATH}/upload/${uploadId}?offset=${offset}`, {
        method: 'PUT',
        headers: { 'x-mos': '1', 'content-type': 'application/octet-stream' },
        body: file.slice(offset, offset + UPLOAD_CHUNK_BYTES),
        signal,
      })
      .catch(() => null)
    signal.throwIfAborted()
    const body: unknown = await answer?.json().catch(() => null)
    const received = receivedSchema.safeParse(body)
    if (answer?.ok && received.success) return received.data.received
    problem = refusalSchema.safeParse(body).data?.message ?? problem
    if (answer?.status === 401) await renew()
    else if (answer && !answer.ok && answer.status < 500 && answer.status !== 429) break
    else await pause(tries)
  }
  throw new UploadError(problem)
}
