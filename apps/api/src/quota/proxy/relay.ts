/**
 * One request and its answer, byte for byte but for what a format filters: headers at once, no byte held back, the provider no faster than the client
 * reads. It says what became of it, and knows nothing of money.
 */
import type { ServerResponse } from 'node:http'
import type { ProxyError } from './errors.ts'
import type { AnswerFilter } from './formats/format.ts'
import type { AnswerHeaders, Exchange, ExchangeEvents } from './upstream.ts'

export interface Head {
  status: number
  headers: AnswerHeaders
}

export type HeadPlan =
  /** Headers go at once, each chunk as it comes. */
  | {
      kind: 'stream'
      headers: AnswerHeaders
      filter?: AnswerFilter | null
      /** What is known at its end: after the body, where a client that does not look never sees it. */
      trailersOf?: () => Record<string, string>
    }
  /** Held back up to `mostBytes`, so that `headersOf` can tell of the whole body; longer ones are streamed. */
  | {
      kind: 'whole'
      headers: AnswerHeaders
      mostBytes: number
      headersOf: (body: Buffer) => AnswerHeaders
      /** What the client gets instead of this body; `null`: the body itself. */
      insteadOf?: (body: Buffer) => ProxyError | null
    }
  /** Instead of the provider's answer, which is given up. */
  | { kind: 'instead'; error: ProxyError }

export interface RelayOptions {
  send: (events: ExchangeEvents) => Exchange
  response: ServerResponse
  onHead: (head: Head) => HeadPlan
  /** Sees every byte, after it was sent on. */
  tap: (chunk: Buffer) => void
  /** The client is gone before the answer's end: for how many ms it is read on; 0, and `giveUp` later, give it up. */
  onGone: (giveUp: () => void) => number
  /** A client that takes no byte for that long counts as gone. */
  stalledMs: number
}

export type Outcome = {
  head: Head | null
  /** Milliseconds are the caller's to measure. */
  isClientGone: boolean
} & (
  | { kind: 'complete' }
  | { kind: 'instead'; error: ProxyError }
  /** `wasSent`: the provider may have worked on it. */
  | { kind: 'failed'; wasSent: boolean; cause: Error }
)

/** Resolves when the provider's side is over; the client's answer is ended, or cut if the provider's was. Never rejects. */
export function relay(options: RelayOptions): Promise<Outcome> {
  const { response, tap } = options
  return new Promise((resolve) => {
    let head: Head | null = null
    let plan: HeadPlan | null = null
    let held: Buffer[] | null = null
    let heldBytes = 0
    let filter: AnswerFilter | null = null
    let hasBody = false
    let isClientGone = false
    let isOver = false
    let timer: NodeJS.Timeout | undefined

    const over = (end: { kind: 'complete' } | { kind: 'instead'; error: ProxyError } | Failure) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      response.off('drain', resume).off('close', gone)
      resolve({ head, isClientGone, ...end })
    }
    const resume = () => {
      clearTimeout(timer)
      exchange.resume()
    }
    const gone = () => {
      if (isOver || isClientGone) return
      isClientGone = true
      held = null
      resume()
      const giveUp = () => {
        if (!isOver) exchange.abort()
      }
      const ms = options.onGone(giveUp)
      if (ms > 0) timer = setTimeout(giveUp, ms)
      else giveUp()
    }
    const write = (chunk: Buffer) => {
      if (isClientGone || chunk.length === 0) return
      hasBody = true
      if (response.write(chunk)) return
      exchange.pause()
      clearTimeout(timer)
      timer = setTimeout(() => response.destroy(), options.stalledMs)
    }
    const sendHead = (headers: AnswerHeaders) => {
      if (isClientGone) return
      response.writeHead(head?.status ?? 200, present(headers))
      // With the bytes that came along, in one packet; without waiting for any.
      process.nextTick(() => {
        if (!hasBody && !response.writableEnded) response.flushHeaders()
      })
    }
    /** What was held back turned out too long. */
    const letGo = (chunks: Buffer[]) => {
      held = null
      if (plan?.kind === 'whole') sendHead(plan.headers)
      for (const chunk of chunks) write(chunk)
    }

    const exchange = options.send({
      onHead(status, headers) {
        head = { status, headers }
        plan = options.onHead(head)
        if (plan.kind === 'stream') {
          filter = plan.filter ?? null
          return sendHead(plan.headers)
        }
        if (plan.kind === 'whole') {
          if (!isClientGone) held = []
          return
        }
        over(plan)
        exchange.abort()
      },
      onData(chunk) {
        if (isOver) return
        if (held) {
          held.push(chunk)
          heldBytes += chunk.length
          if (plan?.kind === 'whole' && heldBytes > plan.mostBytes) letGo(held)
        } else write(filter ? filter.write(chunk) : chunk)
        tap(chunk)
      },
      onEnd() {
        if (isOver) return
        if (held && plan?.kind === 'whole') {
          const body = Buffer.concat(held)
          const error = plan.insteadOf?.(body)
          if (error) return over({ kind: 'instead', error })
          sendHead({ ...plan.headers, ...plan.headersOf(body) })
          response.end(body)
        } else if (!isClientGone) {
          if (plan?.kind === 'stream' && plan.trailersOf) response.addTrailers(plan.trailersOf())
          response.end(filter?.end())
        }
        over({ kind: 'complete' })
      },
      onError(error, wasSent) {
        if (isOver) return
        // Not ended as if it were whole: the client sees the cut.
        if (response.headersSent) response.destroy()
        over({ kind: 'failed', wasSent, cause: error })
      },
    })
    response.on('drain', resume).on('close', gone)
    if (response.destroyed || response.socket?.destroyed) gone()
  })
}

type Failure = { kind: 'failed'; wasSent: boolean; cause: Error }

const present = (headers: AnswerHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
