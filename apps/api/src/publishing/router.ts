/** Publishing: input → service → output. */
import { idSchema, publishedAppSchema, publishingViewSchema, publishSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, scopedProcedure } from '../http/trpc.ts'
import type { Publishing } from './service.ts'

export interface PublishingRouterOptions {
  publishing: Publishing
}

const control = scopedProcedure('tenant:control').output(publishingViewSchema)

/** Each change answers the new list. */
export const publishingRouter = ({ publishing }: PublishingRouterOptions) =>
  router({
    list: scopedProcedure('tenant:read')
      .input(z.object({ instanceId: idSchema('ins') }))
      .output(publishingViewSchema)
      .query(({ ctx, input }) => publishing.list(ctx, input.instanceId)),

    publish: control.input(publishSchema).mutation(({ ctx, input }) => publishing.publish(ctx, input)),

    /** Of what is published. */
    update: control.input(publishSchema).mutation(({ ctx, input }) => publishing.update(ctx, input)),

    unpublish: control
      .input(publishedAppSchema)
      .mutation(({ ctx, input }) => publishing.unpublish(ctx, input)),
  })
