/** One request and what it is answered with: shared by the routes of both formats. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { PromptCache } from './answer/cache.ts'
import type { WhoHasKeys } from './answer/words.ts'
import { errorTypeOf, ModelError } from './http/errors.ts'
import { findScript } from './script/find.ts'
import type { Script } from './script/schema.ts'
import { sendStream } from './stream/send.ts'
import type { Step } from './stream/step.ts'
import type { BilledPart, TruthBook, TruthEntry } from './truth.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  requestId: string
  newId: (prefix: string) => string
  now: () => number
  cache: PromptCache
  truth: TruthBook
  faults: boolean
  keysOf: WhoHasKeys
  eventDelayMs: number
  gone: AbortSignal
}

/** What the request wants to happen, once what must happen before any answer did: throws ModelError for a status. */
export async function scriptFor(exchange: Exchange, firstTexts: readonly string[]): Promise<Script> {
  if (!exchange.faults) return {}
  const script = findScript(exchange.request.headers, firstTexts)
  const { gone } = exchange
  if (script.neverAnswer) await delay(2 ** 31 - 1, undefined, { signal: gone, ref: false })
  if (script.headersAfterMs) await delay(script.headersAfterMs, undefined, { signal: gone })
  if (script.status === undefined) return script
  const { status, retryAfterS = status === 429 ? 1 : undefined } = script
  throw new ModelError(errorTypeOf(status), MESSAGES[status] ?? 'This error was asked for.', {
    status,
    ...(retryAfterS !== undefined && { retryAfterS }),
  })
}

const MESSAGES: Record<number, string> = {
  401: 'invalid x-api-key',
  429: 'This request would exceed your rate limit.',
  500: 'Internal server error',
  529: 'Overloaded',
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
    .end(bytes)
}

/** A whole answer: billed as soon as it is on its way. */
export function sendWhole(
  exchange: Exchange,
  truth: TruthEntry,
  whole: { body: object; used: BilledPart[] },
): void {
  const { response } = exchange
  truth.bills(whole.used)
  response.once('finish', () => truth.ends('complete'))
  response.once('close', () => truth.ends('client_gone'))
  sendJson(response, 200, whole.body)
}

export async function sendEvents(
  exchange: Exchange,
  stream: { truth: TruthEntry; steps: Iterable<Step>; script: Script; errorFrame: () => string },
): Promise<void> {
  const { response, gone, eventDelayMs } = exchange
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  await sendStream({ ...stream, response, gone, eventDelayMs })
}
