/** The api's one error type: a stable code and a message for people; the cause is only for the log. */
import { ERRORS, type ErrorBody, type ErrorCode } from '@matrixos/shared'

export interface AppErrorOptions {
  cause?: unknown
  /** Seconds until a retry makes sense. */
  retryAfterS?: number
  /** What the instance printed, for its owner alone. */
  detail?: string
}

export class AppError extends Error {
  readonly code: ErrorCode
  readonly retryAfterS: number | undefined
  // Private, so that no log shows what an instance printed.
  readonly #detail: string | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.retryAfterS = options.retryAfterS
    this.#detail = options.detail
  }

  /** As the instance printed it: to be cleaned before it goes anywhere. */
  get detail(): string | undefined {
    return this.#detail
  }

  get httpStatus(): number {
    return ERRORS[this.code].http
  }

  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.#detail === undefined ? {} : { detail: this.#detail }),
      ...(this.retryAfterS === undefined ? {} : { retryAfterS: this.retryAfterS }),
    }
  }
}

/**
 * Socket and PostgreSQL codes that mean "the database is away", by whichever driver; also those of one that takes nothing
 * for now: its disk is full, or it is a standby still.
 */
const DATABASE_AWAY =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|57014|57P0[1-5]|25006|25P03|(08|53|58)\d\d\d|database_unavailable)$/

/** Codes along the chain of causes: drizzle wraps the driver's error, the driver wraps the socket's. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
    if (at instanceof AggregateError) for (const inner of at.errors) codes.push(...codesOf(inner))
  }
  return codes
}

export const isDatabaseAway = (error: unknown): boolean =>
  codesOf(error).some((code) => DATABASE_AWAY.test(code))

/** Any thrown value as an AppError; what is not one becomes `internal` and says nothing of its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isDatabaseAway(error)) {
    return new AppError('database_unavailable', 'The platform cannot reach its database.', {
      cause: error,
      retryAfterS: 5,
    })
  }
  return new AppError('internal', 'Something went wrong on our side. It has been logged.', { cause: error })
}

/** Name of the violated unique constraint, or `null`. The two drivers spell it differently. */
export function uniqueViolation(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (!('code' in at) || at.code !== '23505') continue
    if ('constraint_name' in at) return String(at.constraint_name)
    if ('constraint' in at) return String(at.constraint)
  }
  return null
}
