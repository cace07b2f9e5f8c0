/** The one router that the SPA, the edge and third parties call. */
import { type AdminRouterOptions, adminRouter } from './admin/router.ts'
import { type AuthRouterOptions, authRouter } from './auth/router.ts'
import { type DeviceRouterOptions, deviceRouter } from './auth/tokens/device/router.ts'
import { type TokensRouterOptions, tokensRouter } from './auth/tokens/router.ts'
import { type GateRouterOptions, gateRouter } from './gate/router.ts'
import { type MatrixRouterOptions, matrixRouter } from './homeserver/router.ts'
import { mergeRouters, router } from './http/trpc.ts'
import { type PublishingRouterOptions, publishingRouter } from './publishing/router.ts'
import { type QuotaAdminOptions, quotaAdminRouter } from './quota/admin-router.ts'
import { type LedgerRouterOptions, ledgerRouter } from './quota/ledger/service-router.ts'
import { type PricesRouterOptions, pricesRouter } from './quota/prices/admin-router.ts'
import { type QuotaRouterOptions, quotaRouter } from './quota/router.ts'
import { type SharingRouterOptions, sharingRouter } from './sharing/router.ts'
import { type FeedRouterOptions, feedRouter } from './social/feed/router.ts'
import { type ModerationRouterOptions, moderationRouter } from './social/moderation/router.ts'
import { type SocialRouterOptions, socialRouter } from './social/router.ts'
import { type EventsRouterOptions, eventsRouter } from './tenants/events/router.ts'
import { type OutputRouterOptions, outputRouter } from './tenants/output/router.ts'
import { type PlansRouterOptions, plansRouter } from './tenants/plans/admin-router.ts'
import {
  type StatsRouterOptions,
  statsRouter,
  type TenantsRouterOptions,
  tenantsRouter,
} from './tenants/router.ts'
import { type TransferRouterOptions, transferRouter } from './tenants/transfer/router.ts'
import { type UpgradesRouterOptions, upgradesRouter } from './tenants/upgrades/router.ts'
import { type WebhooksRouterOptions, webhooksRouter } from './webhooks/router.ts'

type AdministrationOptions = PricesRouterOptions &
  UpgradesRouterOptions &
  ModerationRouterOptions & {
    administration: AdminRouterOptions
    planAdministration: PlansRouterOptions['plans']
    quotaAdministration: QuotaAdminOptions
  }

/** What administrators call, of every domain. */
const administrationRouter = (options: AdministrationOptions) =>
  mergeRouters(
    adminRouter(options.administration),
    router({
      prices: pricesRouter(options),
      plans: plansRouter({ plans: options.planAdministration }),
      quota: quotaAdminRouter(options.quotaAdministration),
      upgrades: upgradesRouter(options),
      moderation: moderationRouter(options),
    }),
  )

export type AppRouterOptions = AuthRouterOptions &
  TokensRouterOptions &
  DeviceRouterOptions &
  TenantsRouterOptions &
  StatsRouterOptions &
  SharingRouterOptions &
  PublishingRouterOptions &
  GateRouterOptions &
  TransferRouterOptions &
  OutputRouterOptions &
  EventsRouterOptions &
  LedgerRouterOptions &
  FeedRouterOptions &
  QuotaRouterOptions &
  WebhooksRouterOptions &
  MatrixRouterOptions &
  AdministrationOptions & { social: SocialRouterOptions }

export const createAppRouter = (options: AppRouterOptions) =>
  router({
    auth: authRouter(options),
    tenants: tenantsRouter(options),
    sharing: sharingRouter(options),
    publishing: publishingRouter(options),
    transfer: transferRouter(options),
    output: outputRouter(options),
    events: eventsRouter(options),
    feed: feedRouter(options),
    stats: statsRouter(options),
    gate: gateRouter(options),
    ledger: ledgerRouter(options),
    tokens: tokensRouter(options),
    device: deviceRouter(options),
    quota: quotaRouter(options),
    webhooks: webhooksRouter(options),
    social: socialRouter(options.social),
    matrix: matrixRouter(options),
    admin: administrationRouter(options),
  })

export type ApiRouterOptions = TenantsRouterOptions &
  FeedRouterOptions &
  PublishingRouterOptions &
  StatsRouterOptions &
  QuotaRouterOptions &
  AdministrationOptions & { social: SocialRouterOptions }

/** What programs reach on `api.DOMAIN`: there, a token may call what names one of its scopes, anyone what is public. */
export const createApiRouter = (options: ApiRouterOptions) =>
  router({
    tenants: tenantsRouter(options),
    publishing: publishingRouter(options),
    feed: feedRouter(options),
    stats: statsRouter(options),
    quota: quotaRouter(options),
    social: socialRouter(options.social),
    admin: administrationRouter(options),
  })

export type AppRouter = ReturnType<typeof createAppRouter>
export type ApiRouter = ReturnType<typeof createApiRouter>
