/** A person's API tokens: input → service → output. */
import { createdTokenSchema, idSchema, newTokenSchema, tokenViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../../http/trpc.ts'
import type { ApiTokens } from './service.ts'

export interface TokensRouterOptions {
  apiTokens: ApiTokens
}

export const tokensRouter = ({ apiTokens }: TokensRouterOptions) =>
  router({
    list: signedInProcedure
      .output(z.array(tokenViewSchema))
      .query(({ ctx }) => apiTokens.list(ctx.principal.userId)),

    /** The token is in this answer, and never in another. */
    create: stepUpProcedure
      .input(newTokenSchema)
      .output(createdTokenSchema)
      .mutation(({ ctx, input }) => apiTokens.create(ctx.request, ctx.principal, input)),

    /** Wants no fresh proof: whoever fears for a token must lose no time. */
    revoke: signedInProcedure
      .input(z.object({ id: idSchema('tok') }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await apiTokens.revoke(ctx.request, ctx.principal, input.id)
        return { ok: true }
      }),
  })
