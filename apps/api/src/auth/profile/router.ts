/** `auth.profile`: what others read of this person. */
import { displayNameSchema, userViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure } from '../../http/trpc.ts'
import type { UserViews } from '../accounts/view.ts'
import type { Profile } from './service.ts'

export interface ProfileRouterOptions {
  profile: Profile
  users: UserViews
}

export const profileRouter = ({ profile, users }: ProfileRouterOptions) =>
  router({
    update: signedInProcedure
      .input(z.object({ displayName: displayNameSchema }))
      .output(userViewSchema)
      .mutation(async ({ ctx, input }) => {
        await profile.rename(ctx.request, ctx.principal, input.displayName)
        return users.of(ctx.principal.userId)
      }),
  })
