/** One's own instance: input → service → output. */
import {
  idSchema,
  instanceViewSchema,
  type SignUpMode,
  signUpModeSchema,
  usageViewSchema,
} from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { type StreamDoors, streamOf } from '../access/streams.ts'
import type { Audit } from '../audit/store.ts'
import { networkOf } from '../http/network.ts'
import { publicEndpoint, router, scopedEndpoint, scopedProcedure, signedInProcedure } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import { TENANTS_ENDPOINTS } from './endpoints.ts'
import type { Metering } from './metering/service.ts'
import type { TenantService } from './service.ts'

export interface TenantsRouterOptions extends StreamDoors {
  tenants: TenantService
  metering: Pick<Metering, 'ofInstance'>
  audit: Audit
  /** Restarts of one account. */
  restartLimit: AttemptLimit
}

export interface StatsRouterOptions {
  tenants: Pick<TenantService, 'publicStats'>
  /** Who may sign up now. */
  signUpMode: () => SignUpMode
  /** Calls of one network. */
  statsLimit: AttemptLimit
}

const instance = z.object({ instanceId: idSchema('ins') })

export const tenantsRouter = ({ tenants, metering, audit, restartLimit, ...doors }: TenantsRouterOptions) =>
  router({
    /** One's own; every other call names an instance by its id. */
    mine: scopedEndpoint('tenant:read', TENANTS_ENDPOINTS.mine)
      .output(instanceViewSchema)
      .query(({ ctx }) => tenants.ownedBy(ctx.principal.userId)),

    wake: scopedEndpoint('tenant:control', TENANTS_ENDPOINTS.wake)
      .input(instance)
      .output(instanceViewSchema)
      .mutation(({ ctx, input }) => tenants.wake(ctx.principal, input.instanceId)),

    sleep: scopedEndpoint('tenant:control', TENANTS_ENDPOINTS.sleep)
      .input(instance)
      .output(instanceViewSchema)
      .mutation(({ ctx, input }) => tenants.sleep(ctx.principal, input.instanceId)),

    /** What runs stops and starts again, such as when it hangs; what does not run stays as it is. */
    restart: scopedEndpoint('tenant:control', TENANTS_ENDPOINTS.restart)
      .input(instance)
      .output(instanceViewSchema)
      .mutation(async ({ ctx: { principal }, input }) => {
        await restartLimit.take(principal.userId)
        return tenants.restart(principal, input.instanceId)
      }),
    /** What it used in the last day. */
    usage: scopedEndpoint('tenant:read', TENANTS_ENDPOINTS.usage)
      .input(instance)
      .output(usageViewSchema)
      .query(({ ctx, input }) => metering.ofInstance(ctx.principal, input.instanceId)),

    /** Final after some days, until which it can be undone. Wants the handle typed and a login of the last 5 minutes. */
    delete: signedInProcedure
      .input(instance.extend({ handle: z.string().max(64) }))
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async ({ ctx: { principal, request }, input }) => {
        const { userId } = principal
        const entry = { actor: userId, action: 'account_deletion_requested', target: userId } as const
        await tenants.delete(principal, input.instanceId, input.handle, (tx) =>
          audit.record({ ...entry, address: request.address }, tx),
        )
        return { ok: true }
      }),

    /** Takes a deletion back, for as long as that is possible. */
    undoDeletion: signedInProcedure
      .input(instance)
      .output(instanceViewSchema)
      .mutation(({ ctx: { principal, request }, input }) => {
        const { userId } = principal
        const entry = { actor: userId, action: 'account_deletion_undone', target: userId } as const
        return tenants.undoDeletion(principal, input.instanceId, (tx) =>
          audit.record({ ...entry, address: request.address }, tx),
        )
      }),

    /** The state now and after each change. Resumes by itself: the first event is always the present state. */
    watch: scopedProcedure('tenant:read')
      .input(instance.extend({ lastEventId: z.string().optional() }))
      .subscription(async ({ ctx: { principal }, input, signal }) => {
        const open = () => streamOf(doors, principal, 'tenant:read', signal)
        return trackedViews(await tenants.watch(principal, input.instanceId, open))
      }),
  })

async function* trackedViews(changes: Awaited<ReturnType<TenantService['watch']>>) {
  for await (const { version, view } of changes) yield tracked(String(version), view)
}

/** What anyone may know of the platform. */
export const statsRouter = ({ tenants, signUpMode, statsLimit }: StatsRouterOptions) =>
  router({
    public: publicEndpoint(TENANTS_ENDPOINTS.stats)
      .output(z.object({ running: z.number().int(), instances: z.number().int(), signUp: signUpModeSchema }))
      .query(async ({ ctx }) => {
        await statsLimit.take(networkOf(ctx.request.address))
        return { ...tenants.publicStats(), signUp: signUpMode() }
      }),
  })
