/** `auth.sessions`: where this person is signed in, and ending that. */
import { idSchema, sessionViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure } from '../../http/trpc.ts'
import type { Sessions } from './service.ts'

export const sessionsRouter = ({ sessions }: { sessions: Sessions }) =>
  router({
    list: signedInProcedure
      .output(z.array(sessionViewSchema))
      .query(({ ctx }) => sessions.list(ctx.principal)),

    revoke: signedInProcedure
      .input(z.object({ id: idSchema('ses') }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await sessions.revoke(ctx.request, ctx.principal, input.id)
        return { ok: true }
      }),

    revokeOthers: signedInProcedure
      .output(z.object({ sessions: z.number().int() }))
      .mutation(async ({ ctx }) => ({ sessions: await sessions.revokeOthers(ctx.request, ctx.principal) })),
  })
