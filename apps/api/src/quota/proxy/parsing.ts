/** How much of the time that all share one instance takes by what it sends to be parsed, whether or not it is served. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ProxyError } from './errors.ts'
import { costOfParsing } from './formats/json-cost.ts'
import type { ProxyLimits } from './types.ts'

export interface Parsing {
  /** Throws a ProxyError when the instance has had its share: before anything of a body is read. */
  check: (owner: string) => Promise<void>
  /** Counts a body before it is parsed. Throws a ProxyError for one too many, or one with too much in it. */
  take: (owner: string, body: Buffer) => Promise<void>
}

const refusal = (msBeforeNext: number) =>
  new ProxyError(
    'rate_limit_error',
    'This instance has sent too much in the last minute. Try again shortly.',
    {
      retryAfterS: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    },
  )

type Limits = Pick<ProxyLimits, 'parsedPerMinute' | 'valuesOfBody'>

export function createParsing({ parsedPerMinute, valuesOfBody }: Limits): Parsing {
  const limiter = new RateLimiterMemory({ points: parsedPerMinute, duration: 60 })
  async function check(owner: string): Promise<void> {
    const now = await limiter.get(owner)
    if (now && now.consumedPoints >= parsedPerMinute) throw refusal(now.msBeforeNext)
  }
  return {
    check,
    async take(owner, body) {
      // Many may have passed the check before the first of them came: even the look takes time.
      await check(owner)
      const cost = costOfParsing(body, valuesOfBody)
      // What found it out counts as well.
      await limiter.consume(owner, cost ?? body.length).catch(({ msBeforeNext }: RateLimiterRes) => {
        throw refusal(msBeforeNext)
      })
      if (cost === null)
        throw new ProxyError('request_too_large', `The request's JSON has more than ${valuesOfBody} values.`)
    },
  }
}
