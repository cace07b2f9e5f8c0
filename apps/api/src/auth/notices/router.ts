/** Account notices: input → service → output. */
import { noticeViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure } from '../../http/trpc.ts'
import type { Notices } from './service.ts'

export const noticesRouter = ({ notices }: { notices: Notices }) =>
  router({
    list: signedInProcedure.output(z.array(noticeViewSchema)).query(({ ctx }) => notices.list(ctx.principal)),

    dismiss: signedInProcedure
      .input(z.object({ id: z.number().int().nonnegative() }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await notices.dismiss(ctx.principal, input.id)
        return { ok: true }
      }),
  })
