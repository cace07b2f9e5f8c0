/** What can be wrong with a request, and how each of the two formats says so. */
import type { z } from 'zod'

export const ERROR_STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const

export type ErrorType = keyof typeof ERROR_STATUS

/** Its message is for the client. */
export class ModelError extends Error {
  readonly type: ErrorType
  readonly status: number
  readonly retryAfterS: number | null

  constructor(type: ErrorType, message: string, options: { status?: number; retryAfterS?: number } = {}) {
    super(message)
    this.type = type
    this.status = options.status ?? ERROR_STATUS[type]
    this.retryAfterS = options.retryAfterS ?? null
  }
}

/** The type whose status this is; 5xx that have no type of their own are an `api_error`. */
export function errorTypeOf(status: number): ErrorType {
  for (const [type, own] of Object.entries(ERROR_STATUS)) if (own === status && isErrorType(type)) return type
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}

const isErrorType = (text: string): text is ErrorType => text in ERROR_STATUS

/** Throws ModelError 400 that names the first field that is wrong. */
export function parseRequest<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ModelError('invalid_request_error', `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}

export const anthropicError = (error: Pick<ModelError, 'type' | 'message'>, requestId: string) => ({
  type: 'error',
  error: { type: error.type, message: error.message },
  request_id: requestId,
})

const OPENAI_CODE: Partial<Record<ErrorType, string>> = {
  authentication_error: 'invalid_api_key',
  not_found_error: 'model_not_found',
  rate_limit_error: 'rate_limit_exceeded',
  billing_error: 'insufficient_quota',
}

export const openaiError = (error: Pick<ModelError, 'type' | 'message' | 'status'>) => ({
  error: {
    message: error.message,
    type: error.status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: OPENAI_CODE[error.type] ?? null,
  },
})
