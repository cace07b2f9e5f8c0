/** One's own instance: input → service → output. */
import { instanceViewSchema } from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { Audit } from '../audit/store.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import type { Sessions } from '../auth/sessions.ts'
import { networkOf } from '../network.ts'
import { publicProcedure, router, signedInProcedure } from '../trpc.ts'
import type { TenantService } from './service.ts'

export interface TenantsRouterOptions {
  tenants: TenantService
  sessions: Pick<Sessions, 'requireRecentLogin' | 'stream'>
  audit: Audit
}

export interface StatsRouterOptions {
  tenants: Pick<TenantService, 'publicStats'>
  /** Calls of one network. */
  statsLimit: AttemptLimit
}

export const tenantsRouter = ({ tenants, sessions, audit }: TenantsRouterOptions) =>
  router({
    mine: signedInProcedure.output(instanceViewSchema).query(({ ctx }) => tenants.mine(ctx.session.userId)),

    wake: signedInProcedure
      .output(instanceViewSchema)
      .mutation(({ ctx }) => tenants.wake(ctx.session.userId)),

    sleep: signedInProcedure
      .output(instanceViewSchema)
      .mutation(({ ctx }) => tenants.sleep(ctx.session.userId)),

    /** Final. Wants the handle typed and a login of the last 5 minutes. */
    delete: signedInProcedure
      .input(z.object({ handle: z.string().max(64) }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx: { session, request }, input }) => {
        sessions.requireRecentLogin(session)
        await tenants.delete(session.userId, input.handle)
        const entry = {
          actor: session.userId,
          action: 'account_deletion_requested',
          target: session.userId,
        } as const
        await audit.record({ ...entry, address: request.address })
        return { ok: true }
      }),

    /** The state now and after each change. Resumes by itself: the first event is always the present state. */
    watch: signedInProcedure
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(({ ctx, signal }) => {
        // Not in the generator: its errors pass no middleware, and clients resume at once after one without a status.
        const open = sessions.stream(ctx.session.id, signal ?? new AbortController().signal)
        return trackedViews(tenants.watch(ctx.session.userId, open))
      }),
  })

async function* trackedViews(changes: ReturnType<TenantService['watch']>) {
  for await (const { version, view } of changes) yield tracked(String(version), view)
}

/** What anyone may know of the platform. */
export const statsRouter = ({ tenants, statsLimit }: StatsRouterOptions) =>
  router({
    public: publicProcedure
      .output(z.object({ running: z.number().int(), instances: z.number().int() }))
      .query(async ({ ctx }) => {
        await statsLimit.take(networkOf(ctx.request.address))
        return tenants.publicStats()
      }),
  })
