/** Writes a stream into a file, counted. After a failure the stream is still whole: its sender is owed an answer. */
import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { RequestProblem } from '../../http/problem.ts'

/** Resolves to the bytes written; what came before a failure stays. Throws a RequestProblem 413 beyond `atMost`. */
export async function writeAll(
  file: FileHandle,
  body: Readable,
  { from, atMost }: { from: number; atMost: number },
): Promise<number> {
  let written = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    if (written + chunk.length > atMost)
      throw new RequestProblem(413, 'That is more than fits into one request.')
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, at, chunk.length - at, from + written)
      at += bytesWritten
      written += bytesWritten
    }
  }
  return written
}
