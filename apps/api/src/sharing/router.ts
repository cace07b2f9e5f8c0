/** Sharing: input → service → output. */
import { idSchema, sharedInstanceViewSchema, viewerViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure } from '../http/trpc.ts'
import type { createSharedWithMe, Sharing } from './service.ts'

export interface SharingRouterOptions {
  sharing: Sharing
  sharedWithMe: ReturnType<typeof createSharedWithMe>
}

const instance = z.object({ instanceId: idSchema('ins') })
const viewer = instance.extend({ handle: z.string().min(1).max(64) })

export const sharingRouter = ({ sharing, sharedWithMe }: SharingRouterOptions) =>
  router({
    /** Who may see one's instance. */
    viewers: signedInProcedure
      .input(instance)
      .output(z.array(viewerViewSchema))
      .query(({ ctx, input }) => sharing.list(ctx, input.instanceId)),

    /** Answers the new list, as `remove` does. */
    add: signedInProcedure
      .input(viewer.extend({ canUseNotes: z.boolean() }))
      .output(z.array(viewerViewSchema))
      .mutation(({ ctx, input }) => sharing.add(ctx, input)),

    remove: signedInProcedure
      .input(viewer)
      .output(z.array(viewerViewSchema))
      .mutation(({ ctx, input }) => sharing.remove(ctx, input)),

    /** What others share with whoever asks. */
    sharedWithMe: signedInProcedure
      .output(z.array(sharedInstanceViewSchema))
      .query(({ ctx }) => sharedWithMe(ctx)),

    leave: signedInProcedure
      .input(instance)
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await sharing.leave(ctx, input.instanceId)
        return { ok: true }
      }),
  })
