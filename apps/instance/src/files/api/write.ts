/** Writes a stream into a file, counted. */
import type { FileHandle } from 'node:fs/promises'
import { FilesProblem } from './problem.ts'

/** Resolves to the bytes written; what came before a failure stays. Throws a FilesProblem 413 beyond `atMost`. */
export async function writeAll(
  file: FileHandle,
  body: AsyncIterable<Buffer>,
  { from, atMost }: { from: number; atMost: number },
): Promise<number> {
  let written = 0
  for await (const chunk of body) {
    if (written + chunk.length > atMost)
      throw new FilesProblem(413, 'That is more than fits into one request.')
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, at, chunk.length - at, from + written)
      at += bytesWritten
      written += bytesWritten
    }
  }
  return written
}
