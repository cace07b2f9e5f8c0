/** How many sign-up and login calls one network address may make a minute. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'

export type AttemptLimit = ReturnType<typeof createAttemptLimit>

export function createAttemptLimit({ perMinute }: { perMinute: number }) {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return {
    /** Throws `too_many_requests` with the seconds to wait. */
    async take(address: string): Promise<void> {
      try {
        await limiter.consume(address)
      } catch (cause) {
        if (!(cause instanceof RateLimiterRes)) throw cause
        const retryAfterS = Math.ceil(cause.msBeforeNext / 1000)
        throw new AppError(
          'too_many_requests',
          `Too many attempts from your network. Try again in ${retryAfterS} s.`,
          {
            retryAfterS,
          },
        )
      }
    },
  }
}
