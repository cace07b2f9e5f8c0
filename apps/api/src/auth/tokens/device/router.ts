/** The page that grants a device what it asks for: input → service → output. */
import { deviceLoginViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../../../http/trpc.ts'
import type { DeviceLogins } from './service.ts'

export interface DeviceRouterOptions {
  deviceLogins: DeviceLogins
}

const code = z.object({ userCode: z.string().max(64) })

export const deviceRouter = ({ deviceLogins }: DeviceRouterOptions) =>
  router({
    /** A mutation, since whoever sees the code first keeps it. */
    inspect: signedInProcedure
      .input(code)
      .output(deviceLoginViewSchema)
      .mutation(({ ctx, input }) => deviceLogins.inspect(ctx.request, ctx.principal, input.userCode)),

    approve: stepUpProcedure
      .input(code)
      .output(deviceLoginViewSchema)
      .mutation(({ ctx, input }) => deviceLogins.approve(ctx.request, ctx.principal, input.userCode)),

    deny: signedInProcedure
      .input(code)
      .output(deviceLoginViewSchema)
      .mutation(({ ctx, input }) => deviceLogins.deny(ctx.request, ctx.principal, input.userCode)),
  })
