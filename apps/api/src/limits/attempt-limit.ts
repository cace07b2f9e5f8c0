/** How many attempts one key (a network, a session, a handle tried from a network) may make in a while. */
import { sql } from 'drizzle-orm'
import {
  RateLimiterDrizzle,
  RateLimiterMemory,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible'
import type { Database } from '../db/database.ts'
import { attempts } from '../db/schema/index.ts'
import { AppError } from '../errors.ts'

export interface AttemptRule {
  /** Keeps the keys of one limit apart from those of another. */
  name: string
  attempts: number
  seconds: number
  /** What whoever exceeds it is told. Without the wait, which every client adds by itself. */
  message: string
  /** Refused attempts do not count: for limits of what is done, as against limits of what is tried. */
  ignoresRefused?: boolean
}

export interface AttemptLimit {
  /** Counts one attempt. Throws `too_many_requests` with the seconds to wait. */
  take: (key: string) => Promise<void>
  /** Throws as `take` would now, and counts nothing. */
  check: (key: string) => Promise<void>
  /** Takes one attempt back. */
  giveBack: (key: string) => Promise<void>
}

export type AttemptLimits = ReturnType<typeof createAttemptLimits>

/**
 * Counted in the database by one atomic statement, so that all api processes agree. Where refused attempts count, a
 * process refuses again from memory what it has refused, until the time is over; where they do not, the next attempt
 * may be allowed, because one before it was given back. While the database is away its error passes: nothing behind
 * these limits could succeed then.
 */
export function createAttemptLimits({ db }: Pick<Database, 'db'>) {
  let longestS = 0
  return {
    of(rule: AttemptRule): AttemptLimit {
      longestS = Math.max(longestS, rule.seconds)
      const limiter = new RateLimiterDrizzle({
        storeClient: db,
        schema: attempts,
        keyPrefix: rule.name,
        points: rule.attempts,
        duration: rule.seconds,
        inMemoryBlockOnConsumed: rule.ignoresRefused ? 0 : rule.attempts + 1,
        clearExpiredByTimeout: false,
      })
      return limitOf(rule, limiter)
    },

    /**
     * By the database's clock: this process's may be ahead of those that still count by them. A count that ends
     * much later than any can was begun by a clock that was far ahead, and would refuse people until then.
     */
    async deleteExpired(): Promise<void> {
      const latest = sql`now() + ${`${2 * longestS} seconds`}::interval`
      await db
        .delete(attempts)
        .where(sql`${attempts.expire} < now() - interval '1 minute' or ${attempts.expire} > ${latest}`)
    },
  }
}

/** Counted in this process alone: for requests that are cheap to serve and many. Each api process allows as much. */
export const memoryLimit = (rule: AttemptRule): AttemptLimit =>
  limitOf(
    rule,
    new RateLimiterMemory({ keyPrefix: rule.name, points: rule.attempts, duration: rule.seconds }),
  )

function limitOf(
  rule: AttemptRule,
  limiter: Pick<RateLimiterStoreAbstract, 'consume' | 'get' | 'reward'>,
): AttemptLimit {
  const refusal = ({ msBeforeNext }: RateLimiterRes) =>
    new AppError('too_many_requests', rule.message, {
      retryAfterS: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    })

  return {
    async take(key) {
      try {
        await limiter.consume(key)
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) throw reason
        // Counted first and given back afterwards, so that parallel attempts never pass together.
        if (rule.ignoresRefused) await limiter.reward(key)
        throw refusal(reason)
      }
    },
    async check(key) {
      const now = await limiter.get(key)
      if (now && now.consumedPoints >= rule.attempts) throw refusal(now)
    },
    async giveBack(key) {
      await limiter.reward(key)
    },
  }
}
