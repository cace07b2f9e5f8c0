/**
 * The gate: before every request to an instance, or to one of its apps, the edge asks who is there, whether they may come
 * in, and whether the instance is awake. It answers with an address, or with what the client gets instead.
 */
import { ADMITTED_STATUS, type Hosts, type InstanceId, isLeaving, PASS_HEADERS } from '@matrixos/shared'
import type { Sessions } from '../auth/sessions/service.ts'
import type { Clock } from '../clock.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { Usage } from '../tenants/idle/usage.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { admissionHeaders } from './admission.ts'
import type { Viewer } from './app-token.ts'
import { isAwake } from './awake.ts'
import { type CheckRequest, isAppWorker, isForeign, isNavigation } from './check-request.ts'
import type { CheckResponse, CheckResponses } from './check-response.ts'
import type { ConnectionLimit } from './connections.ts'
import { type EntranceOptions, entranceOf } from './entrance.ts'
import type { HostLookup } from './host-lookup.ts'
import { isIncidental } from './incidental.ts'
import type { Passes } from './passes/service.ts'
import type { ViewerOf } from './viewer.ts'
import type { Visitors } from './visitors.ts'
import { aborted, within } from './within.ts'

export interface GateOptions extends EntranceOptions {
  hosts: Hosts
  cache: Pick<InstanceCache, 'get'>
  tenants: Pick<TenantService, 'ensureAwake' | 'waitFor'>
  instanceOf: HostLookup
  connections: ConnectionLimit
  passes: Pick<Passes, 'give' | 'withdraw'>
  sessions: Pick<Sessions, 'mayEnter'>
  viewerOf: ViewerOf
  visitors: Visitors
  usage: Pick<Usage, 'touch' | 'touchByGuest'>
  responses: CheckResponses
  /** Whether sign-up would take this handle now. */
  isClaimable: (handle: string) => Promise<boolean>
  tokenOf: (row: InstanceRow) => string
  /** Looks at one instance anew, after the edge could not reach it; `false`: it runs, and does not answer. */
  recheck: (row: InstanceRow) => Promise<boolean>
  clock: Clock
  /** How long a request is held, and how long a person waits before a page shows progress instead. */
  holdMs: number
  pageAfterMs: number
  /** Requests held for one instance. */
  mostWaiting: number
}

const CROWDED = {
  code: 'too_many_requests',
  message: 'Too many requests are waiting for this computer.',
  retryAfterS: 5,
} as const
const FOREIGN = { code: 'forbidden', message: 'Cross-site requests are not allowed here.' } as const
const NO_WORKERS = { code: 'forbidden', message: 'Apps cannot have service workers.' } as const
const NOT_WOKEN = {
  code: 'waking',
  message: 'This computer is asleep, and this kind of request does not wake it.',
  retryAfterS: 60,
} as const
const SILENT = {
  code: 'instance_unhealthy',
  message: 'This computer is running but not responding.',
  retryAfterS: 5,
} as const

/** Of the requests that may wait: with theirs, visitors keep no owner out. */
const VISITORS_SHARE = 0.5
/** How often a request that is held counts as use. */
const TOUCH_MS = 1_000

export type Gate = ReturnType<typeof createGate>

/** Of the computer or the app whose host it is: pages of any other are strangers there. */
const originOf = (hosts: Hosts, handle: string, app: string | null): string =>
  app === null ? hosts.instanceOrigin(handle) : hosts.instanceAppOrigin(handle, app)

export function createGate(options: GateOptions) {
  const { hosts, cache, tenants, sessions, usage, viewerOf, responses, clock } = options

  /** Asked again after each wait: whose session ended meanwhile must not get a connection that outlives it. */
  const isStillIn = async (viewer: Viewer | null): Promise<boolean> =>
    viewer === null || sessions.mayEnter(viewer.sessionId)

  const held = <T>(work: Promise<T>): Promise<T> => within(options.holdMs, work)

  /** Whoever is signed in is told; whoever is not may be somebody whom it is open to. */
  const notIn = (check: CheckRequest, row: InstanceRow, viewer: Viewer | null): CheckResponse =>
    viewer ? responses.notYours(check, row.handle) : responses.signIn(check, row.handle)

  function admit(check: CheckRequest, row: InstanceRow, viewer: Viewer | null): CheckResponse {
    const { address } = row
    if (!address) throw new Error('An awake instance has an address.')
    const entrance = entranceOf(viewer, row, check.app, options)
    if (!entrance) return notIn(check, row, viewer)
    if (check.app !== null && !address.readsApps) return responses.noApps(check, row.handle)
    if (entrance.role === 'viewer' && !address.readsRoles) return responses.notShareable(check, row.handle)
    // What guests of apps have open, the edge counts and limits.
    if (entrance.group === '') options.connections.take(row.id, check.isWebSocket, entrance.role)
    const headers = admissionHeaders({ check, address, entrance, token: options.tokenOf(row), hosts })
    // A pass counts as use for as long as it is good.
    const person = isIncidental(check) ? null : entrance.person
    const cookie = person && options.passes.give(check, row, person, entrance)
    return {
      status: ADMITTED_STATUS,
      headers: cookie ? { ...headers, [PASS_HEADERS.cookie]: cookie } : headers,
    }
  }

  /** Guests' pages load themselves again: what one that was left open waits for keeps no computer trying to start. */
  const touchOf = (check: CheckRequest, row: InstanceRow, viewer: Viewer | null) =>
    entranceOf(viewer, row, check.app, options)?.group === '' ? usage.touch : usage.touchByGuest

  /** Requests that wait for one instance: one person cannot hold all of the platform's memory. */
  const waiting = new Map<InstanceId, number>()

  async function hold(
    check: CheckRequest,
    row: InstanceRow,
    viewer: Viewer | null,
    gone: AbortSignal,
  ): Promise<CheckResponse> {
    const count = waiting.get(row.id) ?? 0
    const most = viewer ? options.mostWaiting : options.mostWaiting * VISITORS_SHARE
    if (count >= most) return responses.refused(check, CROWDED)
    waiting.set(row.id, count + 1)
    // Waiting counts as use: otherwise it could be put to sleep again before it is awake.
    const using = setInterval(touchOf(check, row, viewer), TOUCH_MS, row.id)
    try {
      return await wake(check, row, viewer, gone)
    } finally {
      clearInterval(using)
      const left = (waiting.get(row.id) ?? 1) - 1
      if (left > 0) waiting.set(row.id, left)
      else waiting.delete(row.id)
    }
  }

  async function wake(
    check: CheckRequest,
    row: InstanceRow,
    viewer: Viewer | null,
    gone: AbortSignal,
  ): Promise<CheckResponse> {
    const isPage = isNavigation(check) && check.method === 'GET'
    const patience = AbortSignal.timeout(isPage ? options.pageAfterMs : options.holdMs)
    const over = AbortSignal.any([patience, gone])
    await Promise.race([tenants.ensureAwake(row.id, { by: viewer?.userId ?? null }), aborted(over)])
    // A failed instance that is tried again at once may be awake in a moment.
    const hasFailed = (now: InstanceRow) =>
      now.observed === 'failed' && (now.nextAttemptAt?.getTime() ?? 0) > clock.now()
    const isSettled = (now: InstanceRow) =>
      isAwake(now) || hasFailed(now) || isLeaving(now.desired) || now.isSuspended
    // Let in before a thaw that then hangs, a page would stay blank instead of showing progress.
    const awake = await tenants.waitFor(row.id, isSettled, over, { isCareful: isPage })
    if (awake && isAwake(awake) && !(await isStillIn(viewer))) return responses.signIn(check, row.handle)
    const known = cache.get(row.id)
    // It may serve while its row is still being written.
    const now = awake && awake.version === known?.version ? awake : known
    if (awake && now && isAwake(now)) {
      touchOf(check, now, viewer)(row.id)
      return admit(check, now, viewer)
    }
    if (!now || isLeaving(now.desired)) return responses.unknown(check, row.handle, false)
    if (now.isSuspended) return responses.suspended(check, row.handle)
    const role = entranceOf(viewer, now, check.app, options)?.role
    return role === 'visitor' ? responses.opening(check, now) : responses.waking(check, now, role === 'owner')
  }

  async function unknown(check: CheckRequest, handle: string | null): Promise<CheckResponse> {
    // Only a page invites. While the database is away nothing is promised.
    const isClaimable =
      handle !== null && isNavigation(check) && (await held(options.isClaimable(handle)).catch(() => false))
    return responses.unknown(check, handle, isClaimable)
  }

  /**
   * Its owner can still take it back, and must not read that it is gone; anybody else learns nothing. Its handle is taken,
   * so no query is needed to say that nobody can claim it.
   */
  async function left(check: CheckRequest, row: InstanceRow): Promise<CheckResponse> {
    const mayReturn = row.desired === 'leaving' && isNavigation(check)
    const viewer = mayReturn ? await viewerOf(check, row.id) : null
    return viewer?.userId === row.userId
      ? responses.leaving(check)
      : responses.unknown(check, row.handle, false)
  }

  /** `gone` aborts when the client leaves; the answer is then read by nobody. */
  return async function ask(check: CheckRequest, gone: AbortSignal): Promise<CheckResponse> {
    const handle = hosts.hostedAt(check.host)?.handle ?? null
    const row = handle ? await held(options.instanceOf(handle, check.network)) : undefined
    if (!row) return unknown(check, handle)
    if (isLeaving(row.desired)) return left(check, row)
    if (isForeign(check, originOf(hosts, row.handle, check.app))) return responses.refused(check, FOREIGN)
    if (isAppWorker(check)) return responses.refused(check, NO_WORKERS)
    if (row.isSuspended) return responses.suspended(check, row.handle)
    const viewer = await viewerOf(check, row.id)
    const entrance = entranceOf(viewer, row, check.app, options)
    if (!entrance) return notIn(check, row, viewer)
    if (entrance.role === 'visitor') {
      const told = await options.visitors.receive(check, row, isAwake(row))
      if (told) return told
    }
    if (isIncidental(check) && !isAwake(row)) return responses.refused(check, NOT_WOKEN)
    options.visitors.use(check, row, entrance)
    if (check.hasFailed) {
      options.passes.withdraw(row.id)
      const isUp = await held(options.recheck(row))
      if (!isUp && isAwake(cache.get(row.id) ?? row)) return responses.refused(check, SILENT)
      if (!(await isStillIn(viewer))) return responses.signIn(check, row.handle)
    }
    const now = cache.get(row.id) ?? row
    if (now.isSuspended) return responses.suspended(check, row.handle)
    return isAwake(now) ? admit(check, now, viewer) : hold(check, now, viewer, gone)
  }
}
