/** AI credits as administrators see and set them: input → service → output. */
import {
  amountSchema,
  answerRequestSchema,
  grantSchema,
  openRequestSchema,
  personLimitsSchema,
  personLimitsViewSchema,
  spendQuerySchema,
  spendViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { router, scopedProcedure, serviceProcedure } from '../http/trpc.ts'
import type { Grants } from './budget/grants.ts'
import type { CreditRequests } from './requests/service.ts'
import type { Spend } from './usage/spend.ts'

export interface QuotaAdminOptions {
  spend: Spend
  grants: Grants
  requests: CreditRequests
  /** What the webhook is signed with. */
  webhookSecret: string
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const handle = z.string().max(64)
const readProcedure = scopedProcedure('admin:read')
const writeProcedure = scopedProcedure('admin:write')

export const quotaAdminRouter = (quota: QuotaAdminOptions) =>
  router({
    spend: readProcedure
      .input(spendQuerySchema)
      .output(spendViewSchema)
      .query(({ input }) => quota.spend.view(input)),

    person: readProcedure
      .input(z.object({ handle }))
      .output(personLimitsViewSchema)
      .query(({ ctx, input }) => quota.grants.view(input.handle, new Date(ctx.now()))),

    setLimits: writeProcedure
      .input(personLimitsSchema)
      .output(personLimitsViewSchema)
      .mutation(({ ctx, input }) => quota.grants.setLimits(ctx, input, new Date(ctx.now()))),

    grant: writeProcedure
      .input(grantSchema)
      .output(personLimitsViewSchema)
      .mutation(({ ctx, input }) => quota.grants.grant(ctx, input, new Date(ctx.now()))),

    /** Open ones, longest waiting first. */
    requests: readProcedure.output(z.array(openRequestSchema)).query(() => quota.requests.open()),

    answer: writeProcedure
      .input(answerRequestSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await quota.requests.answer(ctx, input)
        return done
      }),

    /** What `npm run admin` calls, on the private socket. */
    server: router({
      grant: serviceProcedure
        .input(z.object({ handle, amount: amountSchema }))
        .output(z.object({ limit: z.string() }))
        .mutation(({ ctx, input }) => quota.grants.grantByServer(input, new Date(ctx.now()))),

      limit: serviceProcedure
        .input(personLimitsSchema.pick({ handle: true, credits: true }))
        .output(z.object({ limit: z.string() }))
        .mutation(({ ctx, input }) => quota.grants.setCreditsByServer(input, new Date(ctx.now()))),

      webhookSecret: serviceProcedure
        .output(z.object({ secret: z.string() }))
        .query(() => ({ secret: quota.webhookSecret })),
    }),
  })
