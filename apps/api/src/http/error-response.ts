/** An error as tRPC clients read it, for answers that tRPC itself does not give. */
import { ERRORS } from '@matrixos/shared'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { AppError } from '../errors.ts'

/** Status, headers and JSON text; clients drop an error without its numeric code. */
export function errorAnswer(error: AppError): {
  status: number
  headers: Record<string, string>
  body: string
} {
  const { http, trpc } = ERRORS[error.code]
  const headers: Record<string, string> = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  if (error.retryAfterS !== undefined) headers['retry-after'] = String(error.retryAfterS)
  const data = { code: trpc, httpStatus: http, error: error.toBody() }
  const body = JSON.stringify({
    error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[trpc], data },
  })
  return { status: http, headers, body }
}
