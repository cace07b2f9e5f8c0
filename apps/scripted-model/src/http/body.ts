/** Request bodies: whole, as JSON, and no larger than the real provider takes. */
import type { IncomingMessage } from 'node:http'
import { ModelError } from './errors.ts'

/** The real provider's own limit for messages. */
const MOST_BYTES = 32 * 1024 * 1024

/** Throws ModelError 413 for a body that is too large, and 400 for one that is not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > MOST_BYTES)
      throw new ModelError('request_too_large', 'Request exceeds the maximum allowed number of bytes.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new ModelError('invalid_request_error', 'The request body is not valid JSON.')
  }
}
