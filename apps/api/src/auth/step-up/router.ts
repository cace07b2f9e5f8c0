/** `auth.stepUp`: the signed-in person proves again who they are. */
import { idSchema, type StepUpMethod, stepUpMethodSchema } from '@matrixos/shared'
import { z } from 'zod'
import { networkOf } from '../../http/network.ts'
import { router, signedInProcedure } from '../../http/trpc.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { UserViews } from '../accounts/view.ts'
import { authenticationResponseSchema } from '../passkeys/webauthn-schema.ts'
import { passwordInputSchema } from '../totp/password.ts'
import { totpCodeSchema } from '../totp/totp.ts'
import type { StepUp } from './service.ts'

export interface StepUpRouterOptions {
  stepUp: StepUp
  users: UserViews
  /** Sign-in calls of one network. */
  limit: AttemptLimit
}

const done = z.object({ ok: z.literal(true) })
const ok = { ok: true } as const

export function stepUpRouter({ stepUp, users, limit }: StepUpRouterOptions) {
  const limited = signedInProcedure.use(async ({ ctx, next }) => {
    await limit.take(networkOf(ctx.request.address))
    return next()
  })
  return router({
    /** How this person can prove it. */
    methods: signedInProcedure.output(z.array(stepUpMethodSchema)).query(async ({ ctx: { principal } }) => {
      const methods: StepUpMethod[] = [...(await users.of(principal.userId)).signInMethods]
      return (await stepUp.hasRecoveryCode(principal)) ? [...methods, 'recovery_code'] : methods
    }),

    passkeyOptions: limited.mutation(({ ctx }) => stepUp.passkeyOptions(ctx.request, ctx.principal)),

    passkey: limited
      .input(z.object({ challengeId: idSchema('chl'), response: authenticationResponseSchema }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await stepUp.passkey(ctx.request, ctx.principal, input)
        return ok
      }),

    totp: limited
      .input(z.object({ password: passwordInputSchema, code: totpCodeSchema }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await stepUp.totp(ctx.request, ctx.principal, input)
        return ok
      }),

    recoveryCode: limited
      .input(z.object({ code: z.string().min(1).max(64) }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await stepUp.recoveryCode(ctx.request, ctx.principal, input.code)
        return ok
      }),
  })
}
