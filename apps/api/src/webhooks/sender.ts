/** Sends one delivery, and says what came of it. */
import { Agent, fetch } from 'undici'
import { checkUrl, DestinationRefused, publicLookup } from './destination.ts'
import { signedHeaders } from './signature.ts'

export interface Outgoing {
  url: string
  secret: string
  eventId: string
  body: string
}

/** `status`: of the answer, `null` without one. `problem`: `null` when it arrived. `isFinal`: trying again is no use. */
export interface SendResult {
  status: number | null
  problem: string | null
  isFinal: boolean
}

export interface SenderOptions {
  /** Milliseconds since 1970. */
  now: () => number
  /** Also to addresses of private networks, and without TLS. */
  toPrivate: boolean
  timeoutMs?: number
}

const TIMEOUT_MS = 10_000
/** RFC 9110, section 15.5.11: the receiver wants no more of it. */
const GONE = 410

const causes = (error: unknown): unknown[] => (error instanceof Error ? [error, ...causes(error.cause)] : [])

function problemOf(error: unknown): string {
  const chain = causes(error)
  const refused = chain.find((each) => each instanceof DestinationRefused)
  if (refused instanceof DestinationRefused) return refused.message
  if (chain.some((each) => each instanceof Error && each.name === 'TimeoutError'))
    return 'There was no answer in time.'
  return 'No connection could be made.'
}

export function createSender({ now, toPrivate, timeoutMs = TIMEOUT_MS }: SenderOptions) {
  const connect = { timeout: timeoutMs, ...(toPrivate ? {} : { lookup: publicLookup() }) }
  const dispatcher = new Agent({ connect, keepAliveTimeout: 1_000, pipelining: 0 })
  return {
    async send({ url, secret, eventId, body }: Outgoing, signal: AbortSignal): Promise<SendResult> {
      const signed = signedHeaders(secret, { id: eventId, nowS: Math.floor(now() / 1000), body })
      try {
        if (!toPrivate) checkUrl(url)
        const {
          status,
          ok,
          body: answer,
        } = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'Matrix-OS', ...signed },
          body,
          // Where it leads was judged by nobody.
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          dispatcher,
        })
        // What it says is nobody's business: an owner could read with it what only the platform reaches.
        await answer?.cancel()
        if (ok) return { status, problem: null, isFinal: true }
        return { status, problem: `The receiver answered ${status}.`, isFinal: status === GONE }
      } catch (error) {
        signal.throwIfAborted()
        return { status: null, problem: problemOf(error), isFinal: false }
      }
    },
    close: () => dispatcher.destroy(),
  }
}
