/** A person's password and authenticator app: input → service → output. */
import { idSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../../http/trpc.ts'
import type { ManageTotp } from './manage.ts'
import { newPasswordSchema } from './password.ts'
import { totpCodeSchema } from './totp.ts'

const password = z.object({ password: newPasswordSchema })
const done = z.object({ ok: z.literal(true) })
const ok = { ok: true } as const

export const totpRouter = ({ ownTotp }: { ownTotp: ManageTotp }) =>
  router({
    status: signedInProcedure
      .output(z.object({ isSet: z.boolean() }))
      .query(({ ctx }) => ownTotp.status(ctx.principal.userId)),

    /** Also where there is one already: the new one takes its place once it is confirmed. */
    start: stepUpProcedure
      .input(password)
      .mutation(({ ctx, input }) => ownTotp.start(ctx.request, ctx.principal, input)),

    confirm: stepUpProcedure
      .input(z.object({ challengeId: idSchema('chl'), code: totpCodeSchema }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ownTotp.confirm(ctx.request, ctx.principal, input)
        return ok
      }),

    changePassword: stepUpProcedure
      .input(password)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ownTotp.changePassword(ctx.request, ctx.principal, input)
        return ok
      }),

    remove: stepUpProcedure.output(done).mutation(async ({ ctx }) => {
      await ownTotp.remove(ctx.request, ctx.principal)
      return ok
    }),
  })
