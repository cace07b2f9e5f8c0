/** Requests that cost nothing, and those that only own keys pay for: passed on, and not in the books. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ProxyError } from './errors.ts'
import { type Incoming, upstreamRequest } from './exchange.ts'
import { returnedHeaders } from './headers.ts'
import { errorPlan, type JudgeKey } from './key-refusals.ts'
import { relay } from './relay.ts'
import type { ProxyLimits } from './types.ts'
import { unreachable } from './unreachable.ts'

export interface FreeDeps {
  judgeKey: JudgeKey
  limits: ProxyLimits
}

/** Counts requests of a person that cost nothing; throws a ProxyError when there are too many. */
export type TakeFree = (userId: string) => Promise<void>

export function createFreeLimit({ freeCallsPerMinute }: ProxyLimits): TakeFree {
  const limiter = new RateLimiterMemory({ points: freeCallsPerMinute, duration: 60 })
  return async (userId) => {
    await limiter.consume(userId).catch(({ msBeforeNext }: RateLimiterRes) => {
      throw new ProxyError('rate_limit_error', 'Too many requests. Try again shortly.', {
        retryAfterS: Math.max(1, Math.ceil(msBeforeNext / 1000)),
      })
    })
  }
}

/** Throws a ProxyError when there is no answer to pass on. */
export async function serveFree({ judgeKey, limits }: FreeDeps, incoming: Incoming): Promise<void> {
  const { caller, format, route, response } = incoming
  const { payer } = route
  const outcome = await relay({
    send: (events) => route.upstream.send(upstreamRequest(incoming), events),
    response,
    onHead({ status, headers }) {
      const answered = { status, payer, provider: format.provider, userId: caller.userId }
      const error = judgeKey(answered)
      if (error) return { kind: 'instead', error }
      const returned = returnedHeaders(headers, payer)
      if (status >= 400) return errorPlan(judgeKey, answered, format, returned)
      return { kind: 'stream', headers: returned }
    },
    tap: () => undefined,
    onGone: () => 0,
    stalledMs: limits.stalledMs,
  })
  if (outcome.kind === 'instead') throw outcome.error
  const isUnanswered = !response.headersSent && !outcome.isClientGone
  if (outcome.kind === 'failed' && isUnanswered) throw unreachable(outcome.cause)
}
