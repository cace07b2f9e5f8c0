/** A client that reads bytes when it is told to, and can go at any moment. */
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { BODY, TOKEN } from './test-proxy.ts'

export interface RawCall {
  request: ClientRequest
  response: IncomingMessage
  /** The next piece of the body, whatever its size; `null` at its end. */
  next: () => Promise<string | null>
  leave: () => void
}

export async function rawCall(
  url: string,
  body: object = { ...BODY, stream: true },
  path = '/v1/messages',
): Promise<RawCall> {
  const outgoing = request(`${url}${path}`, { method: 'POST', headers: { 'x-api-key': TOKEN } })
  outgoing.on('error', () => undefined)
  outgoing.end(JSON.stringify(body))
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  const pieces = response.iterator({ destroyOnReturn: false })
  return {
    ...{ request: outgoing, response },
    async next() {
      const { done, value } = await pieces.next()
      return done ? null : String(value)
    },
    leave: () => outgoing.destroy(),
  }
}
