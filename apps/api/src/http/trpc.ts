/** tRPC's foundations: the context, the kinds of procedure, and the one way from an error to what a client sees. */

import { ERRORS, type ErrorBody, type ErrorCode, type Scope } from '@matrixos/shared'
import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { requireRecentProof, requireScope } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import { AppError, toAppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import { SIGNED_OUT } from '../texts.ts'
import type { Endpoint } from './endpoint.ts'
import type { RequestInfo } from './request.ts'
import { isStorable } from './storable.ts'

export interface Context {
  request: RequestInfo
  /** Who asks, `null` if nobody is known; looked up once, when first needed. */
  principal: () => Promise<Principal | null>
  /** Milliseconds since 1970. */
  now: () => number
  /** Changes that one session or one token makes: each leaves rows, some of them for ever. */
  changes: Pick<AttemptLimit, 'take'>
}

/** Who may call a procedure; every kind of procedure declares it. Tokens may call those that name a scope alone. */
export interface Meta {
  access: 'public' | 'session' | 'step-up' | 'service' | Scope
  /** Where `api.DOMAIN` offers it over plain HTTP as well; without it, tRPC clients alone reach it. */
  openapi?: Endpoint
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
export function appErrorOf(error: unknown): AppError {
  if (!(error instanceof TRPCError)) return toAppError(error)
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

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    defaultMeta: { access: 'public' },
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

/** Refuses texts that the database cannot hold, wherever they stand in an input, before anything is done by halves. */
const withStorableInput = t.middleware(async ({ getRawInput, next }) => {
  // What cannot be read is judged where it is needed: calls without an input have an empty body.
  const input = await getRawInput().catch(() => undefined)
  if (isStorable(input)) return next()
  throw new AppError('invalid_input', 'A text contains characters that cannot be stored.')
})

export const router = t.router
export const mergeRouters = t.mergeRouters
export const publicProcedure = t.procedure.use(withStatus).use(withStorableInput)

/** Needs a session; `ctx.principal` is its owner. */
export const signedInProcedure = publicProcedure
  .meta({ access: 'session' })
  .use(async ({ ctx, type, next }) => {
    const principal = await ctx.principal()
    if (principal?.how === 'token')
      throw new AppError('forbidden', 'This cannot be done with a token. Sign in to the website instead.')
    if (principal?.how !== 'session') throw new AppError('unauthorized', SIGNED_OUT)
    if (type === 'mutation') await ctx.changes.take(principal.sessionId)
    return next({ ctx: { ...ctx, principal } })
  })

/** Needs a session whose person proved who they are within the last 5 minutes. */
export const stepUpProcedure = signedInProcedure.meta({ access: 'step-up' }).use(({ ctx, next }) => {
  requireRecentProof(ctx.principal, ctx.now())
  return next()
})

/** For sessions whose role allows it, and for tokens with this scope. */
export const scopedProcedure = (scope: Scope) =>
  publicProcedure.meta({ access: scope }).use(async ({ ctx, type, next }) => {
    const principal = await ctx.principal()
    if (principal?.how !== 'session' && principal?.how !== 'token')
      throw new AppError('unauthorized', SIGNED_OUT)
    requireScope(principal, scope)
    if (type === 'mutation')
      await ctx.changes.take(principal.how === 'token' ? principal.tokenId : principal.sessionId)
    return next({ ctx: { ...ctx, principal } })
  })

/**
 * For anyone, and different for some: `ctx.viewer` is who reads, `null` for strangers and for tokens without `feed:read`,
 * which see what strangers see. Throws for a wrong token: whoever sends one would take the answer for theirs.
 */
const viewerProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const principal = await ctx.principal()
  const isKnown =
    principal?.how === 'session' || (principal?.how === 'token' && principal.scopes.includes('feed:read'))
  return next({ ctx: { ...ctx, viewer: isKnown ? principal : null } })
})

/** `publicProcedure`, offered over plain HTTP. */
export const publicEndpoint = (openapi: Endpoint) => publicProcedure.meta({ access: 'public', openapi })

/** `viewerProcedure`, offered over plain HTTP. */
export const viewerEndpoint = (openapi: Endpoint) => viewerProcedure.meta({ access: 'public', openapi })

/** `scopedProcedure`, offered over plain HTTP. */
export const scopedEndpoint = (scope: Scope, openapi: Endpoint) =>
  scopedProcedure(scope).meta({ access: scope, openapi })

/** For the platform's own parts, on the private listener. */
export const serviceProcedure = publicProcedure.meta({ access: 'service' }).use(async ({ ctx, next }) => {
  const principal = await ctx.principal()
  if (principal?.how !== 'service')
    throw new AppError('forbidden', 'Only the platform itself can make this call.')
  return next()
})
