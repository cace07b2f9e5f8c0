/** Reads what a page sent as JSON. */
import type { IncomingMessage } from 'node:http'

/** `undefined` for what is too long or no JSON: no schema accepts that. */
export async function readJson(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.length
    // Read to its end all the same: an answer before that could be lost on the way.
    if (bytes <= mostBytes) parts.push(part)
  }
  if (bytes > mostBytes) return undefined
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}
