/** The way to a provider: kept-alive connections, no time-outs once an answer began, nothing decoded or repeated. */
import { type Dispatcher, Pool } from 'undici'

/** Until an answer begins. Answers that are no streams take as long as they are to write. */
const HEAD_MS = 900_000
const CONNECT_MS = 10_000

export interface UpstreamRequest {
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string | string[]>
  body: Buffer | null
}

export type AnswerHeaders = Record<string, string | string[] | undefined>

export interface ExchangeEvents {
  onHead: (status: number, headers: AnswerHeaders) => void
  onData: (chunk: Buffer) => void
  onEnd: () => void
  /** `wasSent`: the provider may have read the request. Nothing follows it. */
  onError: (error: Error, wasSent: boolean) => void
}

export interface Exchange {
  pause: () => void
  resume: () => void
  /** `onError` follows, unless the answer ended before. */
  abort: () => void
}

export interface Upstream {
  send: (request: UpstreamRequest, events: ExchangeEvents) => Exchange
  close: () => Promise<void>
}

/** `unix:/path` leads to a server on this machine; everything else is an http(s) origin, with a path before all others or none. */
export function createUpstream(url: string): Upstream {
  const socketPath = url.startsWith('unix:') ? url.slice('unix:'.length) : undefined
  const base = new URL(socketPath === undefined ? url : 'http://localhost')
  const prefix = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    ...{ bodyTimeout: 0, headersTimeout: HEAD_MS, pipelining: 1 },
    connect: { timeout: CONNECT_MS, ...(socketPath !== undefined && { socketPath }) },
  })
  return {
    send(request, events) {
      let controller: Dispatcher.DispatchController | null = null
      let isAborted = false
      const aborted = () => new Error('aborted')
      pool.dispatch(
        {
          method: request.method as Dispatcher.HttpMethod,
          path: `${prefix}${request.path}`,
          headers: request.headers,
          body: request.body,
        },
        {
          onRequestStart(started) {
            controller = started
            if (isAborted) started.abort(aborted())
          },
          onResponseStart: (_, status, headers) => {
            // Informational ones come before the answer.
            if (status >= 200) events.onHead(status, headers)
          },
          onResponseData: (_, chunk) => events.onData(chunk),
          onResponseEnd: () => events.onEnd(),
          onResponseError: (_, error) => events.onError(error, controller !== null),
        },
      )
      return {
        pause: () => controller?.pause(),
        resume: () => controller?.resume(),
        abort() {
          isAborted = true
          controller?.abort(aborted())
        },
      }
    },
    close: () => pool.destroy(),
  }
}
