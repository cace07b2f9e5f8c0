/** Bytes on the connection, in the pieces that a script asks for. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Resolves once there is room for more; rejects with an AbortError when the client is gone. */
export async function writeBytes(
  response: ServerResponse,
  bytes: Buffer,
  options: { chunkBytes: number | undefined; gone: AbortSignal },
): Promise<void> {
  const { chunkBytes = bytes.length, gone } = options
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    gone.throwIfAborted()
    const room = response.write(bytes.subarray(start, start + chunkBytes))
    // Pieces that are written in the same turn would travel together.
    if (chunkBytes < bytes.length) await nextTurn()
    if (!room) await once(response, 'drain', { signal: gone })
  }
}

/** Hands over what is written, and then ends the connection as a crash would. */
export async function cutConnection(response: ServerResponse, lastBytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => response.write(lastBytes, () => resolve()))
  response.destroy()
}
