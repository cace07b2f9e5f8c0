/** A person's own Matrix clients: input → service → output. */
import type { MatrixLoginMade, MatrixStanding } from '@matrixos/shared'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { router, signedInProcedure, stepUpProcedure } from '../http/trpc.ts'
import type { Logins } from './logins.ts'

export interface MatrixRouterOptions {
  /** `null`: there is no homeserver. */
  matrixLogins: Logins | null
}

const OFF: MatrixStanding = { isOn: false }

export function matrixRouter({ matrixLogins }: MatrixRouterOptions) {
  const logins = (): Logins => {
    if (matrixLogins) return matrixLogins
    throw new AppError('not_found', 'This platform has no Matrix homeserver.')
  }
  return router({
    standing: signedInProcedure.query(
      ({ ctx }): Promise<MatrixStanding> | MatrixStanding =>
        matrixLogins?.standing(ctx.principal.userId) ?? OFF,
    ),

    /** The token is in this answer, and never in another. */
    addClient: stepUpProcedure
      .input(z.object({ name: z.string().trim().min(1).max(60) }))
      .mutation(
        ({ ctx, input }): Promise<MatrixLoginMade> => logins().create(ctx.request, ctx.principal, input.name),
      ),

    /** Wants no fresh proof: whoever fears for a token must lose no time. */
    removeClient: signedInProcedure
      .input(z.object({ deviceId: z.string().min(1).max(64) }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await logins().revoke(ctx.request, ctx.principal, input.deviceId)
        return { ok: true }
      }),
  })
}
