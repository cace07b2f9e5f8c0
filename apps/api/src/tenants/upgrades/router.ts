/** What administrators see and do of upgrades: input → service → output. */
import { startUpgradeSchema, upgradesViewSchema } from '@matrixos/shared'
import { z } from 'zod'
import { requireRecentProof } from '../../access/policy.ts'
import { router, scopedProcedure } from '../../http/trpc.ts'
import type { Upgrades } from './service.ts'

export interface UpgradesRouterOptions {
  upgrades: Pick<Upgrades, 'view' | 'start' | 'stop' | 'rollBack'>
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const rollout = z.object({ id: z.number().int() })

/** Touches everybody's computer: a session also needs a proof of the last 5 minutes. */
const graveProcedure = scopedProcedure('admin:write').use(({ ctx, next }) => {
  if (ctx.principal.how === 'session') requireRecentProof(ctx.principal, ctx.now())
  return next()
})

export const upgradesRouter = ({ upgrades }: UpgradesRouterOptions) =>
  router({
    view: scopedProcedure('admin:read')
      .output(upgradesViewSchema)
      .query(() => upgrades.view()),

    start: graveProcedure
      .input(startUpgradeSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await upgrades.start(ctx, input)
        return done
      }),

    /** Wants no new proof: it is what one does when something goes wrong. */
    stop: scopedProcedure('admin:write')
      .input(rollout)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await upgrades.stop(ctx, input.id)
        return done
      }),

    rollBack: graveProcedure
      .input(rollout)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await upgrades.rollBack(ctx, input.id)
        return done
      }),
  })
