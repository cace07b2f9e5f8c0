/** Plans, for administrators: input → service → output. */
import {
  assignPlanInputSchema,
  idSchema,
  planKeySchema,
  plansViewSchema,
  savePlanInputSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { router, scopedProcedure } from '../../http/trpc.ts'
import type { PlanAdministration } from './administration.ts'

export interface PlansRouterOptions {
  plans: PlanAdministration
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const

const writeProcedure = scopedProcedure('admin:write')

export const plansRouter = ({ plans }: PlansRouterOptions) =>
  router({
    list: scopedProcedure('admin:read')
      .output(plansViewSchema)
      .query(() => plans.list()),

    save: writeProcedure
      .input(savePlanInputSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await plans.save(ctx, input)
        return done
      }),

    /** Only while nobody is on it. */
    remove: writeProcedure
      .input(z.object({ key: planKeySchema }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await plans.remove(ctx, input.key)
        return done
      }),

    liftThrottle: writeProcedure
      .input(z.object({ userId: idSchema('usr') }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await plans.liftThrottle(ctx, input.userId)
        return done
      }),

    assign: writeProcedure
      .input(assignPlanInputSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await plans.assign(ctx, input)
        return done
      }),
  })
