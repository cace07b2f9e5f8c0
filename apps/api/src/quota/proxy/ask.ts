/** A question of the proxy's own to the provider, with a short answer. */
import type { Upstream, UpstreamRequest } from './upstream.ts'

const LONGEST_ANSWER = 1_048_576

export interface ShortAnswer {
  status: number
  body: Buffer
}

/** Rejects when no answer came in time, or a long one. */
export function ask(upstream: Upstream, request: UpstreamRequest, timeoutMs: number): Promise<ShortAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    const timer = setTimeout(() => exchange.abort(), timeoutMs)
    const exchange = upstream.send(request, {
      onHead: (code) => {
        status = code
      },
      onData(chunk) {
        size += chunk.length
        if (size > LONGEST_ANSWER) exchange.abort()
        else chunks.push(chunk)
      },
      onEnd() {
        clearTimeout(timer)
        resolve({ status, body: Buffer.concat(chunks) })
      },
      onError(error) {
        clearTimeout(timer)
        reject(error)
      },
    })
  })
}
