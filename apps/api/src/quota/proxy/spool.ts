/** Requests' bodies in memory: each whole, of bounded size and time, and all together bounded, so that no one takes all. */
import type { IncomingMessage } from 'node:http'
import { ProxyError, tooLarge } from './errors.ts'

export interface Spooled {
  body: Buffer
  /** To be called when the body is needed no more. */
  release: () => void
}

export interface SpoolOptions {
  mostBytes: number
  mostBytesOfOne: number
  mostBytesAtOnce: number
  /** Of one, also when all together have too many: so that a few cannot keep out everybody. */
  alwaysBytesOfOne: number
  timeoutMs: number
}

/** `owner`: whose share of the memory it takes. */
export type Spool = (request: IncomingMessage, owner: string) => Promise<Spooled>

const overloaded = () =>
  new ProxyError('overloaded_error', 'Too many large requests are under way. Try again shortly.', {
    retryAfterS: 1,
  })
const tooMany = () =>
  new ProxyError('rate_limit_error', 'Too many large requests of this instance are under way.', {
    retryAfterS: 1,
  })
const tooSlow = () => new ProxyError('timeout_error', 'The request took too long to arrive.')
const gone = () => new ProxyError('invalid_request_error', 'The request ended before its body did.')

export function createSpool(options: SpoolOptions): Spool {
  const { mostBytes, mostBytesOfOne, mostBytesAtOnce, alwaysBytesOfOne, timeoutMs } = options
  let total = 0
  const shares = new Map<string, number>()
  const add = (owner: string, bytes: number) => {
    total += bytes
    const share = (shares.get(owner) ?? 0) + bytes
    if (share > 0) shares.set(owner, share)
    else shares.delete(owner)
  }
  return (request, owner) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let size = 0
      const announced = Number(request.headers['content-length'] ?? 0)
      const refusalOf = (more: number): ProxyError | null => {
        if (size + more > mostBytes) return tooLarge(mostBytes)
        const share = (shares.get(owner) ?? 0) + more
        if (share > mostBytesOfOne) return tooMany()
        return total + more > mostBytesAtOnce && share > alwaysBytesOfOne ? overloaded() : null
      }
      const release = () => {
        add(owner, -size)
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
        add(owner, chunk.length)
        chunks.push(chunk)
        const refusal = refusalOf(0)
        if (refusal) fail(refusal)
      }
      const finish = () => {
        clearTimeout(timer)
        resolve({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), release })
      }
      request.once('close', () => request.complete || fail(gone()))
      const refusal = refusalOf(announced)
      if (refusal) fail(refusal)
      else request.on('data', take).once('end', finish)
    })
}
