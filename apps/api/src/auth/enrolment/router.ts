/** Enrolment links: input → service → output. All are mutations: what a query asks stands in URLs, and so in logs. */
import { idSchema, userViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router } from '../../http/trpc.ts'
import type { UserViews } from '../accounts/view.ts'
import type { LimitedProcedure } from '../limited.ts'
import { registrationResponseSchema } from '../passkeys/webauthn-schema.ts'
import type { Enrolment } from './service.ts'

export interface EnrolmentRouterOptions {
  enrolment: Enrolment
  users: UserViews
}

const secret = z.string().regex(/^[\w-]{1,128}$/)

export const enrolmentRouter = ({ enrolment, users }: EnrolmentRouterOptions, limited: LimitedProcedure) =>
  router({
    inspect: limited
      .input(z.object({ secret }))
      .output(z.object({ handle: z.string(), expiresAt: z.iso.datetime() }))
      .mutation(({ input }) => enrolment.inspect(input.secret)),

    passkeyOptions: limited
      .input(z.object({ secret }))
      .mutation(({ ctx, input }) => enrolment.passkeyOptions(ctx.request, input.secret)),

    passkey: limited
      .input(z.object({ secret, challengeId: idSchema('chl'), response: registrationResponseSchema }))
      .output(userViewSchema)
      .mutation(async ({ ctx, input }) => users.of(await enrolment.passkey(ctx.request, input))),
  })
