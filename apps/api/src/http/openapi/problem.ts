/** Errors as `application/problem+json` (RFC 9457): what plain HTTP clients read in place of tRPC's shape. */
import { ERROR_DETAIL_LENGTH, errorCodeSchema } from '@matrixos/shared'
import { z } from 'zod'
import type { AppError } from '../../errors.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ description: 'One sentence for people.' }),
    status: z.number().int(),
    code: errorCodeSchema.meta({
      description: 'For programs. It stays the same where the sentence changes.',
    }),
    detail: z.string().max(ERROR_DETAIL_LENGTH).optional(),
    retryAfterS: z.number().int().optional(),
  })
  .meta({ id: 'Problem' })
type Problem = z.infer<typeof problemSchema>

export function problemResponse(error: AppError, more: Record<string, string> = {}): Response {
  const { code, message, detail, retryAfterS } = error.toBody()
  const body: Problem = {
    ...{ type: 'about:blank', title: message, status: error.httpStatus, code },
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  }
  const headers = new Headers({ ...more, 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' })
  if (retryAfterS !== undefined) headers.set('retry-after', String(retryAfterS))
  // RFC 6750, section 3: whoever is not let in learns how to ask.
  if (error.httpStatus === 401) headers.set('www-authenticate', 'Bearer')
  return new Response(JSON.stringify(body), { status: error.httpStatus, headers })
}
