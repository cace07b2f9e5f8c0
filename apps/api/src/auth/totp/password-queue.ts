/**
 * Hashing passwords, a few at a time. The work runs on the thread pool of the whole process, where the cookies of
 * signed-in people are opened too: an unbounded queue there would stop everybody.
 */
import pLimit from 'p-limit'
import { AppError } from '../../errors.ts'
import { dummyVerify, hashPassword, verifyPassword } from './password.ts'

export interface PasswordQueueOptions {
  atOnce: number
  /** Beyond those under way. */
  waiting: number
}

export type PasswordQueue = ReturnType<typeof createPasswordQueue>

const RETRY_AFTER_S = 2

/** The three verbs of `password.ts`; each throws `too_many_requests` when the queue is full. */
export function createPasswordQueue({ atOnce, waiting }: PasswordQueueOptions) {
  const limit = pLimit(atOnce)
  const queued =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (limit.pendingCount >= waiting) {
        const message = 'Too many people are signing in right now.'
        throw new AppError('too_many_requests', message, { retryAfterS: RETRY_AFTER_S })
      }
      return limit(work, ...args)
    }
  return { hash: queued(hashPassword), verify: queued(verifyPassword), dummyVerify: queued(dummyVerify) }
}
