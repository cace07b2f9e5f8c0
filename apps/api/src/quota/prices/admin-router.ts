/** What administrators read and edit of the prices: input → service → output. */
import { priceEditSchema, priceViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, scopedProcedure } from '../../http/trpc.ts'
import type { PriceAdministration } from './service.ts'

export interface PricesRouterOptions {
  prices: PriceAdministration
}

export const pricesRouter = ({ prices }: PricesRouterOptions) =>
  router({
    list: scopedProcedure('admin:read')
      .output(z.array(priceViewSchema))
      .query(() => prices.list()),

    edit: scopedProcedure('admin:write')
      .input(priceEditSchema)
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await prices.edit(ctx, input)
        return { ok: true }
      }),
  })
