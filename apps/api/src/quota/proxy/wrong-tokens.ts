/** How many tokens that nobody has one address may ask after: each costs a query, and no honest program tries many. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from '../../ports/ledger.ts'
import { ProxyError } from './errors.ts'
import type { ProxyLimits } from './types.ts'

export interface WrongTokens {
  /** Counts a look-up that finds nobody. Throws a ProxyError, and does not look, when there were too many. */
  count: (address: string, look: () => Promise<Caller | null>) => Promise<Caller | null>
}

export function createWrongTokens({
  wrongTokensPerMinute,
}: Pick<ProxyLimits, 'wrongTokensPerMinute'>): WrongTokens {
  const limiter = new RateLimiterMemory({ points: wrongTokensPerMinute, duration: 60 })
  return {
    async count(address, look) {
      // Counted first and given back afterwards, so that parallel ones never pass together.
      await limiter.consume(address).catch(({ msBeforeNext }: RateLimiterRes) => {
        throw new ProxyError(
          'rate_limit_error',
          'Too many wrong AI tokens came from here. Try again shortly.',
          {
            retryAfterS: Math.max(1, Math.ceil(msBeforeNext / 1000)),
          },
        )
      })
      let isWrong = false
      try {
        const caller = await look()
        isWrong = caller === null
        return caller
      } finally {
        if (!isWrong) await limiter.reward(address)
      }
    },
  }
}
