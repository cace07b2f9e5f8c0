/**
 * How the AI SDK reaches the proxy: with Node's own client, since `fetch` hides what comes after a stream, and that is
 * where the proxy says what the answer cost.
 */
import { type ClientRequest, type IncomingHttpHeaders, request as sendHttp } from 'node:http'
import { request as sendHttps } from 'node:https'
import { Readable } from 'node:stream'
import type { Cost } from '../log/entry.ts'

const COST = 'x-credits-cost-usd'
const LEFT = 'x-credits-remaining-usd'
const CLAMPED = 'x-credits-max-tokens'
const STATUS_WITHOUT_BODY = [204, 205, 304]

export interface Transport {
  fetch: typeof fetch
  /** Of the last answer, as far as it has come. */
  cost(): Cost
  /** Whether it may be only as long as the credits allow. */
  isClamped(): boolean
  /** Resolves when the last answer has come to its end, whatever that was. */
  ended(): Promise<void>
}

/** For one call. */
export function createTransport(): Transport {
  let cost: Cost = { usd: null, left: null }
  let isClamped = false
  let ended: Promise<void> = Promise.resolve()
  const hear = (headers: IncomingHttpHeaders | NodeJS.Dict<string>) => {
    const [usd, left] = [headers[COST], headers[LEFT]].map((value) =>
      typeof value === 'string' ? value : null,
    )
    cost = { usd: usd ?? cost.usd, left: left ?? cost.left }
  }
  const send = (input: string | URL | Request, init: RequestInit = {}) =>
    new Promise<Response>((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const headers = Object.fromEntries(new Headers(init.headers ?? undefined))
      const { signal, body, method = 'GET' } = init
      const open = url.protocol === 'https:' ? sendHttps : sendHttp
      const asked: ClientRequest = open(url, { method, headers, ...(signal ? { signal } : {}) }, (answer) => {
        cost = { usd: null, left: null }
        isClamped = answer.headers[CLAMPED] !== undefined
        hear(answer.headers)
        ended = new Promise((done) => {
          answer.once('end', () => hear(answer.trailers)).once('close', done)
        })
        const status = answer.statusCode ?? 502
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
        const told = Object.entries(answer.headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)] as [string, string]],
        )
        resolve(
          new Response(STATUS_WITHOUT_BODY.includes(status) ? null : stream, {
            status,
            headers: new Headers(told),
          }),
        )
      })
      asked.on('error', reject)
      asked.end(typeof body === 'string' ? body : undefined)
    })
  return { fetch: send, cost: () => cost, isClamped: () => isClamped, ended: () => ended }
}
