/** A person's passkeys: input → service → output. */
import {
  credentialIdSchema,
  idSchema,
  passkeyListSchema,
  passkeyNameSchema,
  passkeyViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { router, signedInProcedure, stepUpProcedure } from '../../http/trpc.ts'
import type { ManagePasskeys } from './manage.ts'
import { registrationResponseSchema } from './webauthn-schema.ts'

const id = credentialIdSchema
const done = z.object({ ok: z.literal(true) })
const ok = { ok: true } as const

export const passkeysRouter = ({ ownPasskeys }: { ownPasskeys: ManagePasskeys }) =>
  router({
    list: signedInProcedure
      .output(passkeyListSchema)
      .query(({ ctx }) => ownPasskeys.list(ctx.principal.userId)),

    addOptions: stepUpProcedure.mutation(({ ctx }) => ownPasskeys.addOptions(ctx.request, ctx.principal)),

    add: stepUpProcedure
      .input(z.object({ challengeId: idSchema('chl'), response: registrationResponseSchema }))
      .output(passkeyViewSchema)
      .mutation(({ ctx, input }) => ownPasskeys.add(ctx.request, ctx.principal, input)),

    rename: signedInProcedure
      .input(z.object({ id, name: passkeyNameSchema }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ownPasskeys.rename(ctx.principal, input)
        return ok
      }),

    remove: stepUpProcedure
      .input(z.object({ id }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ownPasskeys.remove(ctx.request, ctx.principal, input.id)
        return ok
      }),
  })
