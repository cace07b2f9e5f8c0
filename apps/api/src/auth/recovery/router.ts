/** Recovery codes: input → service → output. */
import {
  handleSchema,
  recoveryCodesSchema,
  recoveryStatusSchema,
  type UserId,
  userViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../../http/trpc.ts'
import type { UserViews } from '../accounts/view.ts'
import type { LimitedProcedure } from '../limited.ts'
import type { Recovery } from './service.ts'

export interface RecoveryRouterOptions {
  recovery: Recovery
  users: UserViews
}

const login = z.object({ handle: handleSchema, code: z.string().min(1).max(64) })
/** The account, and how many codes are left. */
const recovered = z.object({ user: userViewSchema, left: z.number().int() })

export function recoveryRouter({ recovery, users }: RecoveryRouterOptions, limited: LimitedProcedure) {
  const outcome = async (userId: UserId) => ({
    user: await users.of(userId),
    left: (await recovery.status(userId)).left,
  })
  return router({
    status: signedInProcedure
      .output(recoveryStatusSchema)
      .query(({ ctx }) => recovery.status(ctx.principal.userId)),

    regenerate: stepUpProcedure
      .output(recoveryCodesSchema)
      .mutation(({ ctx }) => recovery.regenerate(ctx.request, ctx.principal)),

    login: limited
      .input(login)
      .output(recovered)
      .mutation(async ({ ctx, input }) => outcome(await recovery.login(ctx.request, input))),
  })
}
