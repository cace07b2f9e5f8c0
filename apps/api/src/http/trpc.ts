/** tRPC's foundations: the context, the kinds of procedure, and the one way from an error to what a client sees. */

import { ERRORS, type ErrorBody, type ErrorCode } from '@matrixos/shared'
import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import type { Principal } from '../access/principal.ts'
import { AppError, toAppError } from '../errors.ts'
import { SIGNED_OUT } from '../texts.ts'
import type { RequestInfo } from './request.ts'

export interface Context {
  request: RequestInfo
  /** Who asks, `null` if nobody is known; looked up once, when first needed. */
  principal: () => Promise<Principal | null>
}

const CODE_OF: Partial<Record<TRPCError['code'], ErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  UNAUTHORIZED: 'unauthorized',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
}

/** tRPC's own errors in the platform's words; anything unknown becomes `internal`. */
function appErrorOf(error: TRPCError): AppError {
  const { cause } = error
  if (cause instanceof AppError) return cause
  if (error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    const lines = cause.issues.map((issue) =>
      [issue.path.join('.'), issue.message].filter(Boolean).join(': '),
    )
    return new AppError('invalid_input', lines.join(' '), { cause })
  }
  const code = CODE_OF[error.code]
  return code ? new AppError(code, error.message, { cause }) : toAppError(cause ?? error)
}

const t = initTRPC.context<Context>().create({
  // Two pings missed in a row: a page notices a hung api within seconds, not when the network gives up.
  sse: { ping: { enabled: true, intervalMs: 2_000 }, client: { reconnectAfterInactivityMs: 4_500 } },
  errorFormatter: ({ shape, error }) => {
    const body: ErrorBody = appErrorOf(error).toBody()
    const { code, httpStatus, path } = shape.data
    return { ...shape, message: body.message, data: { code, httpStatus, path, error: body } }
  },
})

/** Gives every failure the status that its code stands for. */
const withStatus = t.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  const cause = appErrorOf(result.error)
  throw new TRPCError({ code: ERRORS[cause.code].trpc, message: cause.message, cause })
})

export const router = t.router
export const publicProcedure = t.procedure.use(withStatus)

/** Needs a session; `ctx.principal` is its owner. */
export const signedInProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const principal = await ctx.principal()
  if (principal?.how !== 'session') throw new AppError('unauthorized', SIGNED_OUT)
  return next({ ctx: { ...ctx, principal } })
})

/** For the platform's own parts, on the private listener. */
export const serviceProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const principal = await ctx.principal()
  if (principal?.how !== 'service')
    throw new AppError('forbidden', 'Only the platform itself can make this call.')
  return next()
})
