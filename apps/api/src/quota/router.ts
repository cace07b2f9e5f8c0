/** One's own AI credits: input → service → output. */
import {
  aiProviderSchema,
  alertAddressSchema,
  alertThresholdSchema,
  callPageSchema,
  callsQuerySchema,
  creditRequestViewSchema,
  creditsViewSchema,
  dailyUsageSchema,
  ownKeySchema,
  requestCreditsSchema,
  usageQuerySchema,
} from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { type StreamDoors, streamOf } from '../access/streams.ts'
import { router, scopedEndpoint, scopedProcedure, signedInProcedure, stepUpProcedure } from '../http/trpc.ts'
import type { AlertAddresses } from './alerts/address.ts'
import type { CreditFeed } from './budget/feed.ts'
import type { Credits } from './budget/service.ts'
import { QUOTA_ENDPOINTS } from './endpoints.ts'
import type { OwnKeys } from './keys/service.ts'
import { keyServiceProcedures } from './keys/service-router.ts'
import type { CreditRequests } from './requests/service.ts'
import type { TokenRotation } from './tokens/rotation.ts'
import type { Usage } from './usage/service.ts'

export interface QuotaServices {
  credits: Credits
  feed: CreditFeed
  usage: Usage
  requests: CreditRequests
  ownKeys: OwnKeys
  addresses: AlertAddresses
  rotation: TokenRotation
}

export interface QuotaRouterOptions extends StreamDoors {
  quota: QuotaServices
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const readProcedure = scopedProcedure('quota:read')
const readEndpoint = (name: keyof typeof QUOTA_ENDPOINTS) =>
  scopedEndpoint('quota:read', QUOTA_ENDPOINTS[name])

export const quotaRouter = ({ quota, ...doors }: QuotaRouterOptions) =>
  router({
    credits: readEndpoint('credits')
      .output(creditsViewSchema)
      .query(({ ctx }) => quota.credits.view(ctx.principal.userId)),

    /** The credits now and after each change. Resumes by itself: the first event is always the present state. */
    changes: readProcedure
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(async ({ ctx: { principal }, signal }) => {
        await quota.credits.view(principal.userId)
        const open = streamOf(doors, principal, 'quota:read', signal)
        return trackedViews(quota.feed.watch(principal.userId, open))
      }),

    usage: readEndpoint('usage')
      .input(usageQuerySchema)
      .output(z.array(dailyUsageSchema))
      .query(({ ctx, input }) => quota.usage.daily(ctx.principal.userId, input)),

    /** Newest first. */
    calls: readEndpoint('calls')
      .input(callsQuerySchema)
      .output(callPageSchema)
      .query(({ ctx, input }) => quota.usage.calls(ctx.principal.userId, input)),

    dismissAlert: signedInProcedure
      .input(z.object({ round: z.int32().min(0), threshold: alertThresholdSchema }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await quota.credits.dismissAlert(ctx.principal.userId, input)
        return done
      }),

    requestMore: signedInProcedure
      .input(requestCreditsSchema)
      .output(creditRequestViewSchema)
      .mutation(({ ctx, input }) => quota.requests.ask(ctx, input)),

    withdrawRequest: signedInProcedure
      .input(z.object({ id: z.number().int() }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await quota.requests.withdraw(ctx, input.id)
        return done
      }),

    /** The token that one's instance calls AI with is another one from its next start. */
    rotateToken: signedInProcedure.output(ok).mutation(async ({ ctx }) => {
      await quota.rotation.rotate(ctx)
      return done
    }),

    ...keysProcedures(quota),
    ...addressProcedures(quota),
  })

const keysProcedures = (quota: QuotaServices) => ({
  /** Asks the provider first, up to 10 s. */
  setOwnKey: stepUpProcedure
    .input(ownKeySchema)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await quota.ownKeys.set(ctx, input)
      return done
    }),

  removeOwnKey: stepUpProcedure
    .input(z.object({ provider: aiProviderSchema }))
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await quota.ownKeys.remove(ctx, input.provider)
      return done
    }),

  ...keyServiceProcedures(quota),
})

const addressProcedures = (quota: QuotaServices) => ({
  /** Sends a link there, which has to be opened before anything else is sent. */
  setAlertAddress: signedInProcedure
    .input(alertAddressSchema)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await quota.addresses.set(ctx, input.email)
      return done
    }),

  removeAlertAddress: signedInProcedure.output(ok).mutation(async ({ ctx }) => {
    await quota.addresses.remove(ctx)
    return done
  }),

  confirmAlertAddress: signedInProcedure
    .input(z.object({ secret: z.string().max(2_000) }))
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await quota.addresses.confirm(ctx, input.secret)
      return done
    }),
})

async function* trackedViews(changes: ReturnType<CreditFeed['watch']>) {
  for await (const { version, view } of changes) yield tracked(String(version), view)
}
