/** What the proxy knows of a wire format: everything else of it is in the format's own folder. */
import type { IncomingHttpHeaders } from 'node:http'
import type { AiProvider, AiUsage } from '@matrixos/shared'
import type { CallTerms, ServedTerms } from '../../prices/index.ts'
import type { ProxyError } from '../errors.ts'

/**
 * `metered`: costs something, and holds a slot. `free`: costs nothing. `own-key`: only on the person's own key, because
 * what it makes would be seen by everyone who shares the platform's.
 */
export type RouteKind = 'metered' | 'free' | 'own-key'

/** A metered call, as its body asks for it. */
export interface CallRequest {
  /** Of the format's, if it has several. */
  protocol: string
  terms: CallTerms
  /** Fewest output tokens that a clamp may leave: below, the request makes no sense. */
  leastTokens: number
  /** Why the platform's key does not serve it, as its cost has no bound; `null`: it does. */
  unbounded: string | null
  /** The client's own bytes, unless the provider must be asked to say what the call used. */
  sent: Buffer
  /** The same with another limit of output tokens in them. */
  clamped: (maxTokens: number) => Buffer
  /** What asks the provider how many tokens the input has; `null`: it cannot be asked. */
  countRequest: () => { path: string; body: Buffer } | null
  /** For a streamed answer, to take out of it what `sent` asked for and the client did not; `null`: it passes as it is. */
  answerFilter: () => AnswerFilter | null
}

/** What of a stream passes, in pieces of any size; never throws. */
export interface AnswerFilter {
  write: (chunk: Buffer) => Buffer
  /** What was held back, at the stream's end. */
  end: () => Buffer
}

/** What an answer has said of its usage so far. */
export interface Reading {
  /**
   * `none`: nothing yet. `begun`: figures that the end will raise. `final`: the last ones. `failed`: an error event
   * ended the answer, and what was said before it counts.
   */
  state: 'none' | 'begun' | 'final' | 'failed'
  /** As served. */
  model: string | null
  /** The answer's own work first; other models' is priced on its own. */
  shares: { model: string | null; usage: AiUsage }[]
  served: ServedTerms
}

/** Reads beside the bytes of a streamed answer; never throws. */
export interface UsageTap {
  write: (chunk: Buffer) => void
  read: () => Reading
}

export interface Format {
  provider: AiProvider
  /** By what only its clients send: decides where several formats have the same path, and how errors look elsewhere. */
  isSpokenIn: (headers: IncomingHttpHeaders) => boolean
  /** `path` without query; `null`: not a path that the proxy passes on. */
  routeOf: (method: string, path: string) => RouteKind | null
  /** The headers that carry the key. */
  credentials: (key: string) => Record<string, string>
  /** Throws a ProxyError for what is no request of this format. */
  readRequest: (body: Buffer, path: string) => CallRequest
  streamTap: (request: CallRequest) => UsageTap
  /** Of a whole answer that is no stream. */
  readAnswer: (body: Buffer, request: CallRequest) => Reading
  /** Of an answer that is no success: whether the account behind the key is empty or closed, whoever made the call. */
  refusesAccount: (status: number, body: Buffer) => boolean
  /** Of the answer to `countRequest`. */
  readCount: (body: Buffer) => number | null
  /** An error in the provider's own shape; `body` is JSON. */
  renderError: (error: ProxyError, requestId: string) => { status: number; body: string }
}
