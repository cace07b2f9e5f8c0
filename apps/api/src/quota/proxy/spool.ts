/** Requests' bodies in memory: each whole, of bounded size and time, and bounded together: one person's, and all. */
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
  mostBytesOfOne: number
  timeoutMs: number
}

export type Spool = (request: IncomingMessage, userId: string) => Promise<Spooled>

const overloaded = () =>
  new ProxyError('overloaded_error', 'Too many large requests are under way. Try again shortly.', {
    retryAfterS: 1,
  })
const tooMany = () =>
  new ProxyError('rate_limit_error', 'Too many of your large requests are under way. Try again shortly.', {
    retryAfterS: 1,
  })
const tooSlow = () => new ProxyError('timeout_error', 'The request took too long to arrive.')
const gone = () => new ProxyError('invalid_request_error', 'The request ended before its body did.')

export function createSpool(options: SpoolOptions): Spool {
  const { mostBytes, mostBytesAtOnce, mostBytesOfOne, timeoutMs } = options
  let total = 0
  const ofOne = new Map<string, number>()
  const add = (userId: string, bytes: number) => {
    total += bytes
    const now = (ofOne.get(userId) ?? 0) + bytes
    if (now > 0) ofOne.set(userId, now)
    else ofOne.delete(userId)
  }
  /** `more`: what is announced, and not there yet. */
  const crowding = (userId: string, more: number): ProxyError | null => {
    if ((ofOne.get(userId) ?? 0) + more > mostBytesOfOne) return tooMany()
    return total + more > mostBytesAtOnce ? overloaded() : null
  }
  return (request, userId) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let size = 0
      const announced = Number(request.headers['content-length'] ?? 0)
      const release = () => {
        add(userId, -size)
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
        add(userId, chunk.length)
        chunks.push(chunk)
        const crowded = size > mostBytes ? tooLarge(mostBytes) : crowding(userId, 0)
        if (crowded) fail(crowded)
      }
      const finish = () => {
        clearTimeout(timer)
        resolve({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), release })
      }
      request.once('close', () => request.complete || fail(gone()))
      const crowded = announced > mostBytes ? tooLarge(mostBytes) : crowding(userId, announced)
      if (crowded) fail(crowded)
      else request.on('data', take).once('end', finish)
    })
}
