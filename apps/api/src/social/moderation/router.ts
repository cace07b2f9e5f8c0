/** What administrators do about reports: input → service → output. */
import { reportedPageSchema, reportsQuerySchema, verdictInputSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, scopedProcedure } from '../../http/trpc.ts'
import type { Moderation } from './service.ts'

export interface ModerationRouterOptions {
  moderation: Moderation
}

const ok = z.object({ ok: z.literal(true) })

export const moderationRouter = ({ moderation }: ModerationRouterOptions) =>
  router({
    list: scopedProcedure('admin:read')
      .input(reportsQuerySchema)
      .output(reportedPageSchema)
      .query(({ input }) => moderation.list(input)),

    /** Things that nobody has decided about. */
    openCount: scopedProcedure('admin:read')
      .output(z.object({ count: z.number().int() }))
      .query(async () => ({ count: await moderation.openCount() })),

    decide: scopedProcedure('admin:write')
      .input(verdictInputSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await moderation.decide(ctx, input)
        return { ok: true } as const
      }),
  })
