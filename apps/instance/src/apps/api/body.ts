/** The body of a request, up to a bound. */
import type { IncomingMessage } from 'node:http'
import { RequestProblem } from '../../http/problem.ts'

/** Rejects with 413 when it is longer. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > mostBytes) throw new RequestProblem(413, `That is more than ${mostBytes / 1_024} kB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
