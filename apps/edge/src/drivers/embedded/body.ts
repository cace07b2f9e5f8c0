/** A request's body: how the upstream is told of it, and what the platform's own services take of it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import type { Limits } from '../../policy/limits.ts'
import { TOO_LARGE, TOO_SLOW } from '../../policy/texts.ts'
import { Refusal } from './refusal.ts'
import { say } from './relay.ts'

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Methods for which Node would announce a body of its own accord. */
const USUALLY_WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** The headers that frame what is really piped; a client's own never pass, or they could announce something else. */
export function framing(request: IncomingMessage): string[] {
  const { headers, method = 'GET' } = request
  const length = headers['content-length']
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked']
  if (hasBody(request)) return ['Content-Length', String(Number(length))]
  return length !== undefined || USUALLY_WITH_BODY.has(method) ? ['Content-Length', '0'] : []
}

/** The body of a request to the platform. Answers 413 or 408, or cuts the connection, when it goes over a limit. */
export function limitedBody(request: IncomingMessage, response: ServerResponse, limits: Limits): Readable {
  const late = setTimeout(() => {
    if (response.headersSent) request.socket.destroy()
    else say(response, new Refusal(408, TOO_SLOW))
  }, limits.platformRequestMs)
  for (const event of ['end', 'close']) request.once(event, () => clearTimeout(late))
  const tooLarge = new Refusal(413, TOO_LARGE)
  if (Number(request.headers['content-length'] ?? 0) > limits.platformBodyBytes) throw tooLarge
  let left = limits.platformBodyBytes
  const counted = new Transform({
    transform: (chunk: Buffer, _, done) => {
      const over = left < 0
      left -= chunk.length
      if (left >= 0) return done(null, chunk)
      // The answer ends the exchange with the upstream; the rest is read and dropped.
      if (!over) say(response, tooLarge)
      done()
    },
  })
  return request.pipe(counted)
}
