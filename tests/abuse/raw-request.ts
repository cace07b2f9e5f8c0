/** A request with any header, as no browser would send it. */
import type { IncomingHttpHeaders } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Made-up names lead to this machine; who signed the certificate does not matter here. */
export function rawRequest(
  address: string,
  { method = 'GET', headers = {}, body }: Pick<RequestOptions, 'method' | 'headers'> & { body?: string } = {},
): Promise<RawAnswer> {
  const url = new URL(address)
  return new Promise((resolve, reject) => {
    const place = { host: '127.0.0.1', port: url.port, path: `${url.pathname}${url.search}` }
    const tls = { servername: url.hostname, rejectUnauthorized: false, agent: false }
    const sent = request({ ...place, ...tls, method, headers: { host: url.host, ...headers } })
    sent.on('error', reject)
    sent.on('response', async (answer) => {
      const read = text(answer).catch(reject)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: (await read) ?? '' })
    })
    sent.end(body)
  })
}
