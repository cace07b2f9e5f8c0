/** For whoever is not signed in: counts each call for the caller's network. */
import { networkOf } from '../http/network.ts'
import { publicProcedure } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'

export type LimitedProcedure = ReturnType<typeof limitedBy>

export const limitedBy = (limit: AttemptLimit) =>
  publicProcedure.use(async ({ ctx, next }) => {
    await limit.take(networkOf(ctx.request.address))
    return next()
  })
