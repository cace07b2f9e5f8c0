/** What the proxy itself refuses, in the words that the provider's clients know. */

/** The provider's statuses; 529 is its own: overloaded. */
const STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  timeout_error: 408,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 503,
  overloaded_error: 529,
} as const

export type ProxyErrorType = keyof typeof STATUS

export class ProxyError extends Error {
  readonly type: ProxyErrorType
  readonly status: number
  readonly retryAfterS: number | null

  constructor(
    type: ProxyErrorType,
    message: string,
    {
      retryAfterS = null,
      status,
      cause,
    }: { retryAfterS?: number | null; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.type = type
    this.status = status ?? STATUS[type]
    this.retryAfterS = retryAfterS
  }
}

export const booksUnavailable = (cause?: unknown) =>
  new ProxyError(
    'overloaded_error',
    'The platform cannot reach its books of AI credits. Try again shortly.',
    {
      ...{ status: 503, retryAfterS: 2, cause },
    },
  )

export const tooLarge = (mostBytes: number) =>
  new ProxyError('request_too_large', `The request is larger than ${mostBytes / 1_048_576} MB.`)
