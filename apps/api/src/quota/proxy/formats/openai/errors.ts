/** Errors in the shape of the OpenAI API, with the codes that its clients look for. */
import { z } from 'zod'
import type { ProxyError, ProxyErrorType } from '../../errors.ts'
import { parseJson } from '../parse-body.ts'

/** They come with a 429, as if it were worth another try, or a 400. */
const ACCOUNT_CODES = new Set([
  ...['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'account_deactivated'],
])
const errorSchema = z.object({ error: z.object({ code: z.string() }) })

export const refusesAccount = (status: number, body: Buffer): boolean =>
  (status === 429 || status === 400) &&
  ACCOUNT_CODES.has(errorSchema.safeParse(parseJson(body)).data?.error.code ?? '')

const SHAPES: Record<ProxyErrorType, { type: string; code: string | null }> = {
  invalid_request_error: { type: 'invalid_request_error', code: null },
  authentication_error: { type: 'invalid_request_error', code: 'invalid_api_key' },
  // The provider says 429 here, which its clients repeat. They do not repeat a 402, and it helps nobody if they do.
  billing_error: { type: 'insufficient_quota', code: 'insufficient_quota' },
  permission_error: { type: 'invalid_request_error', code: 'permission_denied' },
  not_found_error: { type: 'invalid_request_error', code: 'model_not_found' },
  timeout_error: { type: 'invalid_request_error', code: 'timeout' },
  request_too_large: { type: 'invalid_request_error', code: 'request_too_large' },
  rate_limit_error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  api_error: { type: 'server_error', code: 'server_error' },
  overloaded_error: { type: 'server_error', code: 'server_overloaded' },
}

/** 529 is the other provider's alone. */
export const renderError = ({ type, message, status }: ProxyError) => ({
  status: status === 529 ? 503 : status,
  body: JSON.stringify({ error: { message, type: SHAPES[type].type, param: null, code: SHAPES[type].code } }),
})
