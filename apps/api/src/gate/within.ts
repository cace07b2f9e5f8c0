/** Limits to how long a held request waits for the platform's own parts. */
import { AppError } from '../errors.ts'

/** The work's outcome, or `database_unavailable` when it takes longer; what it then comes to is nobody's concern. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  // Cleared, unlike a signal that times out: one of those for each request would stay in memory for the whole limit.
  const timer = setTimeout(() => late.reject(tooLate()), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = () =>
  new AppError('database_unavailable', 'The platform is taking too long to respond.', { retryAfterS: 5 })

/** Resolves once `signal` aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
