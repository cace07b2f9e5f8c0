/** Publishing: input → service → output. */
import { idSchema, publishedAppSchema, publishingViewSchema, publishSchema } from '@matrixos/shared'
import { z } from 'zod'
import type { Endpoint } from '../http/endpoint.ts'
import { router, scopedEndpoint } from '../http/trpc.ts'
import { PUBLISHING_ENDPOINTS } from './endpoints.ts'
import type { Publishing } from './service.ts'

export interface PublishingRouterOptions {
  publishing: Publishing
}

const control = (endpoint: Endpoint) =>
  scopedEndpoint('tenant:control', endpoint).output(publishingViewSchema)

/** Each change answers the new list. */
export const publishingRouter = ({ publishing }: PublishingRouterOptions) =>
  router({
    list: scopedEndpoint('tenant:read', PUBLISHING_ENDPOINTS.list)
      .input(z.object({ instanceId: idSchema('ins') }))
      .output(publishingViewSchema)
      .query(({ ctx, input }) => publishing.list(ctx, input.instanceId)),

    publish: control(PUBLISHING_ENDPOINTS.publish)
      .input(publishSchema)
      .mutation(({ ctx, input }) => publishing.publish(ctx, input)),

    /** Of what is published. */
    update: control(PUBLISHING_ENDPOINTS.update)
      .input(publishSchema)
      .mutation(({ ctx, input }) => publishing.update(ctx, input)),

    unpublish: control(PUBLISHING_ENDPOINTS.unpublish)
      .input(publishedAppSchema)
      .mutation(({ ctx, input }) => publishing.unpublish(ctx, input)),
  })
