/** On an instance's own host: hands the session of whoever is signed in there on to the host of one of its apps. */
import { APP_ENTER_PATH, appNameSchema, type Hosts, isLeaving } from '@matrixos/shared'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import { NO_COMPUTER } from '../texts.ts'
import type { AppHosts } from './app-hosts.ts'
import { type CheckRequest, isFramed, isNavigation } from './check-request.ts'
import type { CheckResponse, CheckResponses } from './check-response.ts'
import { type EntranceOptions, entranceOf } from './entrance.ts'
import { type HandOff, isRelativePath } from './hand-off.ts'
import type { ViewerOf } from './viewer.ts'

export interface AppLaunchOptions extends EntranceOptions {
  hosts: Hosts
  cache: Pick<InstanceCache, 'ofHandle'>
  tenants: Pick<TenantService, 'find'>
  viewerOf: ViewerOf
  handOff: Pick<HandOff, 'launchApp'>
  responses: CheckResponses
  appHosts: Pick<AppHosts, 'launched'>
}

const querySchema = z.object({
  app: appNameSchema,
  rt: z.string().refine(isRelativePath).default('/'),
  /** Of the app's host; without it, that host is asked for one first. */
  n: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
})

const redirect = (status: 302 | 303, location: string): CheckResponse => ({
  status,
  headers: { location, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
})

export type AppLaunch = ReturnType<typeof createAppLaunch>

export function createAppLaunch(options: AppLaunchOptions) {
  const { hosts, cache, tenants, viewerOf, handOff, responses, appHosts } = options

  /** `uri` of the question is the request's own. Throws what stands in the way. */
  return async (asked: CheckRequest): Promise<CheckResponse> => {
    const at = hosts.hostedAt(asked.host)
    // The computer's own page shows its apps in frames, and what is said there instead of one.
    const check = { ...asked, framedBy: hosts.instanceOrigin(at?.handle ?? '') }
    const query = querySchema.safeParse(Object.fromEntries(new URL(asked.uri, hosts.appOrigin).searchParams))
    if (!at || !query.success)
      throw new AppError('invalid_input', 'This link is incomplete. Open the app from its computer.')
    const row = cache.ofHandle(at.handle) ?? (await tenants.find(at.handle))
    if (!row || isLeaving(row.desired)) throw new AppError('not_found', NO_COMPUTER)
    if (row.isSuspended) return responses.suspended(check, row.handle)
    const { app, rt, n } = query.data
    const viewer = await viewerOf(check, row.id)
    const mayEnter = viewer !== null && entranceOf(viewer, row, app, options) !== null
    // Before anything leads to that host, which may have to get a certificate first.
    if (mayEnter) await appHosts.launched(row.id, app)
    if (n === undefined) {
      const enter = `${hosts.instanceAppOrigin(row.handle, app)}${APP_ENTER_PATH}`
      return redirect(302, `${enter}?${new URLSearchParams({ rt })}`)
    }
    if (!viewer) {
      // The way to sign in leads through a host that no frame may show.
      if (isNavigation(check) && isFramed(check)) return responses.signedOutInFrame(check, row.handle, app)
      return responses.signIn(check, row.handle)
    }
    if (!mayEnter) return responses.notYours({ ...check, app }, row.handle)
    return redirect(303, await handOff.launchApp(viewer, row, { app, rt, n }))
  }
}
