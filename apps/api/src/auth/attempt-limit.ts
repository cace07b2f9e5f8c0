/** How many attempts one key (a network address, or a handle tried from one) may make in a while. */
import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'

/** A household's IPv6 addresses share their first 64 bits. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}

export type AttemptLimit = ReturnType<typeof createAttemptLimit>

export function createAttemptLimit({ attempts, seconds }: { attempts: number; seconds: number }) {
  const limiter = new RateLimiterMemory({ points: attempts, duration: seconds })
  return {
    /** Throws `too_many_requests` with the seconds to wait. */
    async take(key: string): Promise<void> {
      try {
        await limiter.consume(key)
      } catch (cause) {
        if (!(cause instanceof RateLimiterRes)) throw cause
        const retryAfterS = Math.ceil(cause.msBeforeNext / 1000)
        throw new AppError('too_many_requests', `Too many attempts. Try again in ${retryAfterS} s.`, {
          retryAfterS,
        })
      }
    },
  }
}
