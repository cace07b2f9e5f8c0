/** A person's webhooks: input → service → output. */
import {
  createdWebhookSchema,
  deliveriesQuerySchema,
  deliveryPageSchema,
  idSchema,
  newWebhookSchema,
  webhookViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../http/trpc.ts'
import type { Webhooks } from './service.ts'

export interface WebhooksRouterOptions {
  webhooks: Webhooks
}

const one = z.object({ id: idSchema('whk') })
const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const

export const webhooksRouter = ({ webhooks }: WebhooksRouterOptions) =>
  router({
    list: signedInProcedure
      .output(z.array(webhookViewSchema))
      .query(({ ctx }) => webhooks.list(ctx.principal.userId)),

    /** Like a token, it lets something else know what one does for as long as it stands. */
    create: stepUpProcedure
      .input(newWebhookSchema)
      .output(createdWebhookSchema)
      .mutation(({ ctx, input }) => webhooks.create(ctx, input)),

    remove: signedInProcedure
      .input(one)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await webhooks.remove(ctx, input.id)
        return done
      }),

    deliveries: signedInProcedure
      .input(deliveriesQuerySchema)
      .output(deliveryPageSchema)
      .query(({ ctx, input }) => webhooks.deliveries(ctx.principal.userId, input)),

    test: signedInProcedure
      .input(one)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await webhooks.test(ctx.principal.userId, input.id)
        return done
      }),

    repeat: signedInProcedure
      .input(z.object({ deliveryId: z.number().int().positive() }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await webhooks.repeat(ctx.principal.userId, input.deliveryId)
        return done
      }),
  })
