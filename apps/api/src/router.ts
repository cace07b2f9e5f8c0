/** The one router that the SPA, the edge and third parties call. */
import { type AuthRouterOptions, authRouter } from './auth/router.ts'
import { type GateRouterOptions, gateRouter } from './gate/router.ts'
import { router } from './http/trpc.ts'
import { type SharingRouterOptions, sharingRouter } from './sharing/router.ts'
import {
  type StatsRouterOptions,
  statsRouter,
  type TenantsRouterOptions,
  tenantsRouter,
} from './tenants/router.ts'

export type AppRouterOptions = AuthRouterOptions &
  TenantsRouterOptions &
  StatsRouterOptions &
  SharingRouterOptions &
  GateRouterOptions

export const createAppRouter = (options: AppRouterOptions) =>
  router({
    auth: authRouter(options),
    tenants: tenantsRouter(options),
    sharing: sharingRouter(options),
    stats: statsRouter(options),
    gate: gateRouter(options),
  })

/** What anyone may call without being signed in, from any origin. */
export const createPublicRouter = (options: StatsRouterOptions) => router({ stats: statsRouter(options) })

export type AppRouter = ReturnType<typeof createAppRouter>
