/** Requests' bodies in memory: each whole, of bounded size and time, and all together bounded. */
import type { IncomingMessage } from 'node:http'
import { ProxyError, tooLarge } from './errors.ts'

export interface Spooled {
  body: Buffer
  /** To be called when the body is needed no more. */
  release: () => void
}

export interface SpoolOptions {
  mostBytes: number
  mostBytesAtOnce: number
  timeoutMs: number
}

export type Spool = (request: IncomingMessage) => Promise<Spooled>

const overloaded = () =>
  new ProxyError('overloaded_error', 'Too many large requests are under way. Try again shortly.', {
    retryAfterS: 1,
  })
const tooSlow = () => new ProxyError('timeout_error', 'The request took too long to arrive.')
const gone = () => new ProxyError('invalid_request_error', 'The request ended before its body did.')

export function createSpool({ mostBytes, mostBytesAtOnce, timeoutMs }: SpoolOptions): Spool {
  let total = 0
  return (request) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let size = 0
      const announced = Number(request.headers['content-length'] ?? 0)
      const release = () => {
        total -= size
        size = 0
      }
      const fail = (error: ProxyError) => {
        clearTimeout(timer)
        request.off('data', take).off('end', finish)
        // What still comes is not read: the connection closes with the answer.
        request.pause()
        release()
        reject(error)
      }
      const timer = setTimeout(() => fail(tooSlow()), timeoutMs)
      const take = (chunk: Buffer) => {
        size += chunk.length
        total += chunk.length
        chunks.push(chunk)
        if (size > mostBytes) fail(tooLarge(mostBytes))
        else if (total > mostBytesAtOnce) fail(overloaded())
      }
      const finish = () => {
        clearTimeout(timer)
        resolve({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), release })
      }
      request.once('close', () => request.complete || fail(gone()))
      if (announced > mostBytes) fail(tooLarge(mostBytes))
      else if (total + announced > mostBytesAtOnce) fail(overloaded())
      else request.on('data', take).once('end', finish)
    })
}
