/** One call to the platform's proxy and its answer, as it comes. Whatever becomes of the page, it is read to its end: only then is it known what it cost. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { CREDIT_HEADERS, formatUsd, parseUsd } from '@matrixos/shared'
import type { AiAccess } from '../../ai/request.ts'
import { codeOf } from '../../http/problem.ts'
import { HARDENED } from '../page.ts'

export interface AiCall {
  ai: AiAccess
  body: string
  /** What it may cost at most. */
  capNano: bigint
  response: ServerResponse
  /** The computer stops. */
  stopping: AbortSignal
}

const ANSWER_WITHIN_MS = 300_000

/** The request never left. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

/** What a call that got no answer may have cost. */
export const costUnanswered = (error: unknown, capNano: bigint): bigint =>
  NOT_SENT.includes(codeOf(error)) ? 0n : capNano

/** Resolves to what it cost, in nano-USD, when the answer is over. Rejects when there was no answer at all. */
export async function passOnCall({ ai, body, capNano, response, stopping }: AiCall): Promise<bigint> {
  const { request: send } = await (ai.url.startsWith('https:') ? import('node:https') : import('node:http'))
  const headers = {
    'x-api-key': ai.token,
    'anthropic-version': '2023-06-01',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    [CREDIT_HEADERS.limit]: formatUsd(capNano),
  }
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_WITHIN_MS)])
  return new Promise((resolve, reject) => {
    const asked = send(`${ai.url.replace(/\/+$/, '')}/v1/messages`, { method: 'POST', headers, signal })
    asked.once('error', reject)
    asked.once('response', (answer) => {
      // A part of an answer, of which nobody says what it cost: it counts as the most that it could.
      const cut = () => {
        response.destroy()
        resolve(isServed(answer) ? capNano : 0n)
      }
      answer.once('error', cut).once('aborted', cut)
      answer.once('end', () => resolve(isServed(answer) ? costOf(answer, capNano) : 0n))
      relay(answer, response)
    })
    asked.end(body)
  })
}

const isServed = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode < 300

/** A page that has left no longer holds the answer up. */
function relay(answer: IncomingMessage, response: ServerResponse): void {
  const { 'content-type': type = 'application/json', 'retry-after': retryAfter } = answer.headers
  response.writeHead(answer.statusCode ?? 502, {
    ...HARDENED,
    'content-type': type,
    'x-accel-buffering': 'no',
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  })
  response.flushHeaders()
  answer.on('data', (chunk) => {
    if (response.destroyed || response.write(chunk)) return
    answer.pause()
  })
  const goOn = () => answer.resume()
  response.on('drain', goOn).once('close', goOn)
  answer.once('end', () => response.end())
}

/** In a header where it was known before the first byte, in a trailer where it was not. A demonstration's answers cost nothing. */
function costOf({ headers, trailers }: IncomingMessage, capNano: bigint): bigint {
  const told = (trailers[CREDIT_HEADERS.cost] as string | undefined) ?? headers[CREDIT_HEADERS.cost]
  if (typeof told === 'string' && /^\d+(\.\d{1,9})?$/.test(told)) return parseUsd(told)
  return announces(headers) || headers[CREDIT_HEADERS.remaining] !== undefined ? capNano : 0n
}

const announces = ({ trailer }: IncomingHttpHeaders) =>
  String(trailer ?? '')
    .toLowerCase()
    .includes(CREDIT_HEADERS.cost)
