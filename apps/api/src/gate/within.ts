/** Limits to how long a held request waits for the platform's own parts. */
import { AppError } from '../errors.ts'

/** The work's outcome, or `database_unavailable` when it takes longer; what it then comes to is nobody's concern. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const over = AbortSignal.timeout(limitMs)
  const answer = await Promise.race([work, aborted(over).then(() => TOO_LATE)])
  if (answer !== TOO_LATE) return answer as T
  throw new AppError(
    'database_unavailable',
    'The platform takes too long to look this up. Try again shortly.',
    { retryAfterS: 5 },
  )
}

const TOO_LATE = Symbol('too late')

/** Resolves once `signal` aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
