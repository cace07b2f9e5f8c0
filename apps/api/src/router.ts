/** The one router that the SPA, the edge and third parties call. */
import { type AdminRouterOptions, adminRouter } from './admin/router.ts'
import { type AuthRouterOptions, authRouter } from './auth/router.ts'
import { type GateRouterOptions, gateRouter } from './gate/router.ts'
import { router } from './http/trpc.ts'
import {
  type StatsRouterOptions,
  statsRouter,
  type TenantsRouterOptions,
  tenantsRouter,
} from './tenants/router.ts'

export type AppRouterOptions = AuthRouterOptions &
  TenantsRouterOptions &
  StatsRouterOptions &
  GateRouterOptions & { administration: AdminRouterOptions }

export const createAppRouter = (options: AppRouterOptions) =>
  router({
    auth: authRouter(options),
    tenants: tenantsRouter(options),
    stats: statsRouter(options),
    gate: gateRouter(options),
    admin: adminRouter(options.administration),
  })

/** What anyone may call without being signed in, from any origin. */
export const createPublicRouter = (options: StatsRouterOptions) => router({ stats: statsRouter(options) })

export type AppRouter = ReturnType<typeof createAppRouter>
