/** The JSON of a request, checked. */
import type { IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { RequestProblem } from './problem.ts'

const LARGEST_BYTES = 4 * 1024 * 1024

/** Rejects with 413 or 400. An absent body counts as `{}`. */
export async function readJson<T extends z.ZodMiniType>(
  request: IncomingMessage,
  schema: T,
  mostBytes = LARGEST_BYTES,
): Promise<z.output<T>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > mostBytes) throw new RequestProblem(413, 'That request is too large.')
    chunks.push(chunk)
  }
  const parsed = schema.safeParse(parse(Buffer.concat(chunks).toString('utf8')))
  if (!parsed.success) throw new RequestProblem(400, 'I do not understand that request.')
  return parsed.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return undefined
  }
}
