/** One's own AI credits: input → service → output. */
import {
  alertThresholdSchema,
  callPageSchema,
  callsQuerySchema,
  creditsViewSchema,
  dailyUsageSchema,
  type Scope,
  type SessionId,
  usageQuerySchema,
} from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { TokenPrincipal } from '../access/principal.ts'
import { router, scopedProcedure, signedInProcedure } from '../http/trpc.ts'
import type { CreditFeed } from './budget/feed.ts'
import type { Credits } from './budget/service.ts'
import type { Usage } from './usage/service.ts'

export interface QuotaServices {
  credits: Credits
  feed: CreditFeed
  usage: Usage
}

export interface QuotaRouterOptions {
  quota: QuotaServices
  sessions: {
    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: (id: SessionId, gone: AbortSignal) => AbortSignal
  }
  /** The same for a stream that a token opens: it ends when the token no longer has the scope. */
  tokenStream: (token: TokenPrincipal, scope: Scope, gone: AbortSignal) => AbortSignal
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const readProcedure = scopedProcedure('quota:read')

export const quotaRouter = ({ quota, sessions, tokenStream }: QuotaRouterOptions) =>
  router({
    credits: readProcedure
      .output(creditsViewSchema)
      .query(({ ctx }) => quota.credits.view(ctx.principal.userId)),

    /** The credits now and after each change. Resumes by itself: the first event is always the present state. */
    changes: readProcedure
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(async ({ ctx: { principal }, signal }) => {
        // Not in the generator: its errors pass no middleware, and clients resume at once after one without a status.
        await quota.credits.view(principal.userId)
        const gone = signal ?? new AbortController().signal
        const open =
          principal.how === 'token'
            ? tokenStream(principal, 'quota:read', gone)
            : sessions.stream(principal.sessionId, gone)
        return trackedViews(quota.feed.watch(principal.userId, open))
      }),

    usage: readProcedure
      .input(usageQuerySchema)
      .output(z.array(dailyUsageSchema))
      .query(({ ctx, input }) => quota.usage.daily(ctx.principal.userId, input)),

    /** Newest first. */
    calls: readProcedure
      .input(callsQuerySchema)
      .output(callPageSchema)
      .query(({ ctx, input }) => quota.usage.calls(ctx.principal.userId, input)),

    dismissAlert: signedInProcedure
      .input(z.object({ round: z.number().int().min(0), threshold: alertThresholdSchema }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await quota.credits.dismissAlert(ctx.principal.userId, input)
        return done
      }),
  })

async function* trackedViews(changes: ReturnType<CreditFeed['watch']>) {
  for await (const { version, view } of changes) yield tracked(String(version), view)
}
