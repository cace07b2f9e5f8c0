/** A limit that tells whoever it counts how much is left, so that well-behaved programs never reach it. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'
import type { AttemptRule } from './attempt-limit.ts'

export interface Allowance {
  /** How many may be made in `seconds`. */
  most: number
  seconds: number
  left: number
  /** Seconds until all of them are there again. */
  resetS: number
  /** `too_many_requests` in place of an answer. */
  refusal: AppError | null
}

export interface ShownLimit {
  /** Counts one attempt. */
  take: (key: string) => Promise<Allowance>
}

/** Counted in this process alone, as `memoryLimit` is. */
export function shownLimit({ name, attempts, seconds, message }: AttemptRule): ShownLimit {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points: attempts, duration: seconds })
  const countedAs = async (key: string) => {
    try {
      return { now: await limiter.consume(key), isRefused: false }
    } catch (reason) {
      if (reason instanceof RateLimiterRes) return { now: reason, isRefused: true }
      throw reason
    }
  }
  return {
    async take(key) {
      const { now, isRefused } = await countedAs(key)
      const resetS = Math.max(1, Math.ceil(now.msBeforeNext / 1000))
      const refusal = isRefused ? new AppError('too_many_requests', message, { retryAfterS: resetS }) : null
      return { most: attempts, seconds, left: Math.max(0, now.remainingPoints), resetS, refusal }
    },
  }
}
