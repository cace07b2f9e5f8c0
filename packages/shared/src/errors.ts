/** The closed union of error codes, and the one map from a code to HTTP and tRPC. */
import { z } from 'zod'

/** tRPC's own names (`TRPC_ERROR_CODE_KEY`) that the platform uses. */
type TrpcCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'CONFLICT'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

export const ERRORS = {
  invalid_input: { http: 400, trpc: 'BAD_REQUEST' },
  handle_malformed: { http: 400, trpc: 'BAD_REQUEST' },
  handle_reserved: { http: 400, trpc: 'BAD_REQUEST' },
  ticket_invalid: { http: 400, trpc: 'BAD_REQUEST' },
  unauthorized: { http: 401, trpc: 'UNAUTHORIZED' },
  credential_refused: { http: 401, trpc: 'UNAUTHORIZED' },
  /** Well-formed, from the app's own page, and of no account: the browser may forget it. */
  credential_unknown: { http: 401, trpc: 'UNAUTHORIZED' },
  challenge_expired: { http: 401, trpc: 'UNAUTHORIZED' },
  origin_refused: { http: 403, trpc: 'FORBIDDEN' },
  step_up_required: { http: 403, trpc: 'FORBIDDEN' },
  forbidden: { http: 403, trpc: 'FORBIDDEN' },
  account_suspended: { http: 403, trpc: 'FORBIDDEN' },
  sign_up_closed: { http: 403, trpc: 'FORBIDDEN' },
  invite_required: { http: 403, trpc: 'FORBIDDEN' },
  proof_of_work_required: { http: 403, trpc: 'FORBIDDEN' },
  not_found: { http: 404, trpc: 'NOT_FOUND' },
  method_not_allowed: { http: 405, trpc: 'METHOD_NOT_SUPPORTED' },
  handle_taken: { http: 409, trpc: 'CONFLICT' },
  credential_taken: { http: 409, trpc: 'CONFLICT' },
  conflict: { http: 409, trpc: 'CONFLICT' },
  too_many_requests: { http: 429, trpc: 'TOO_MANY_REQUESTS' },
  internal: { http: 500, trpc: 'INTERNAL_SERVER_ERROR' },
  database_unavailable: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  engine_down: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  image_missing: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  isolation_broken: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  capacity: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  instance_unhealthy: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  /** Another service that this one asks, such as a provider or a mail server, did not answer. */
  upstream_unavailable: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  waking: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
} as const satisfies Record<string, { http: number; trpc: TrpcCode }>

export type ErrorCode = keyof typeof ERRORS
export const errorCodeSchema = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]])

/** Most characters of `ErrorBody.detail`. */
export const ERROR_DETAIL_LENGTH = 4_096

/**
 * What a client learns of an error, on every transport. `message`: one sentence for people. `detail`: the last
 * lines that the instance printed, for its owner alone. `retryAfterS`: seconds until a retry makes sense.
 */
export const errorBodySchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  detail: z.string().max(ERROR_DETAIL_LENGTH).optional(),
  retryAfterS: z.number().int().optional(),
})
export type ErrorBody = z.infer<typeof errorBodySchema>
