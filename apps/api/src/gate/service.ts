/**
 * The gate: before every request to an instance the edge asks who is there, whether they may come in, and whether
 * the instance is awake. It answers with an address, or with what the client gets instead.
 */
import { createHmac } from 'node:crypto'
import {
  CHECK_RESPONSE_HEADERS,
  type Hosts,
  type InstanceId,
  isGatewayPath,
  PASS_HEADERS,
} from '@matrixos/shared'
import { accessTo, type Shares } from '../access/policy.ts'
import type { Sessions } from '../auth/sessions/service.ts'
import type { Clock } from '../clock.ts'
import { readCookie } from '../http/cookies.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { Usage } from '../tenants/idle/usage.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { AppTokens, Viewer } from './app-token.ts'
import { isAwake } from './awake.ts'
import { type CheckRequest, isForeign, isIncidental, isNavigation } from './check-request.ts'
import type { CheckResponse, CheckResponses } from './check-response.ts'
import type { ConnectionLimit } from './connections.ts'
import type { HostLookup } from './host-lookup.ts'
import type { Passes } from './passes/service.ts'
import { aborted, within } from './within.ts'

export interface GateOptions {
  hosts: Hosts
  cache: Pick<InstanceCache, 'get'>
  tenants: Pick<TenantService, 'ensureAwake' | 'waitFor'>
  instanceOf: HostLookup
  connections: ConnectionLimit
  passes: Pick<Passes, 'give' | 'withdraw'>
  sessions: Pick<Sessions, 'mayEnter'>
  shares: Shares
  usage: Pick<Usage, 'touch'>
  tokens: AppTokens
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

/** How often a request that is held counts as use. */
const TOUCH_MS = 1_000

export type Gate = ReturnType<typeof createGate>

export function createGate(options: GateOptions) {
  const { hosts, cache, tenants, sessions, shares, usage, tokens, responses, clock } = options

  async function viewerOf(check: CheckRequest): Promise<Viewer | null> {
    const viewer = await tokens.verify(readCookie(check.cookie, 'app'), check.host)
    return viewer && (await sessions.mayEnter(viewer.sessionId)) ? viewer : null
  }

  /** Asked again after each wait: whose session ended meanwhile must not get a connection that outlives it. */
  const isStillIn = ({ sessionId }: Viewer): Promise<boolean> => sessions.mayEnter(sessionId)

  const held = <T>(work: Promise<T>): Promise<T> => within(options.holdMs, work)

  /** The way in: every header each time, so that none of the client's own passes for one. */
  function admit(check: CheckRequest, row: InstanceRow, viewer: Viewer): CheckResponse {
    const { address } = row
    if (!address) throw new Error('An awake instance has an address.')
    const access = accessTo(viewer, row, shares)
    if (!access) return responses.notYours(check, row.handle)
    if (access.role === 'viewer' && !address.readsRoles) return responses.notShareable(check, row.handle)
    options.connections.take(row.id, check.isWebSocket, access.role)
    const token = options.tokenOf(row)
    const port = isGatewayPath(check.uri, check.isWebSocket)
      ? address.gatewayPort
      : (address.shellPort ?? address.gatewayPort)
    const headers = {
      [CHECK_RESPONSE_HEADERS.upstream]: `${address.host}:${port}`,
      [CHECK_RESPONSE_HEADERS.user]: viewer.handle,
      [CHECK_RESPONSE_HEADERS.role]: access.role,
      [CHECK_RESPONSE_HEADERS.permissions]: access.role === 'viewer' && access.canUseNotes ? 'notes' : '',
      // An image that trusts the edge by its position never holds a secret that its neighbours could use.
      [CHECK_RESPONSE_HEADERS.authorization]: address.trust === 'bearer' ? `Bearer ${token}` : '',
      [CHECK_RESPONSE_HEADERS.platformUserId]: viewer.userId,
      [CHECK_RESPONSE_HEADERS.platformVerified]:
        address.trust === 'bearer' ? createHmac('sha256', token).update(viewer.userId).digest('hex') : '',
    }
    const cookie = options.passes.give(check, row, viewer, access)
    return { status: 204, headers: cookie ? { ...headers, [PASS_HEADERS.cookie]: cookie } : headers }
  }

  /** Requests that wait for one instance: one person cannot hold all of the platform's memory. */
  const waiting = new Map<InstanceId, number>()

  async function hold(
    check: CheckRequest,
    row: InstanceRow,
    viewer: Viewer,
    gone: AbortSignal,
  ): Promise<CheckResponse> {
    const count = waiting.get(row.id) ?? 0
    if (count >= options.mostWaiting) return responses.refused(check, CROWDED)
    waiting.set(row.id, count + 1)
    // Waiting counts as use: otherwise it could be put to sleep again before it is awake.
    const using = setInterval(usage.touch, TOUCH_MS, row.id)
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
    viewer: Viewer,
    gone: AbortSignal,
  ): Promise<CheckResponse> {
    const isPage = isNavigation(check) && check.method === 'GET'
    const patience = AbortSignal.timeout(isPage ? options.pageAfterMs : options.holdMs)
    const over = AbortSignal.any([patience, gone])
    await Promise.race([tenants.ensureAwake(row.id), aborted(over)])
    // A failed instance that is tried again at once may be awake in a moment.
    const hasFailed = (now: InstanceRow) =>
      now.observed === 'failed' && (now.nextAttemptAt?.getTime() ?? 0) > clock.now()
    const isSettled = (now: InstanceRow) =>
      isAwake(now) || hasFailed(now) || now.desired === 'deleted' || now.isSuspended
    const awake = await tenants.waitFor(row.id, isSettled, over)
    if (awake && isAwake(awake) && !(await isStillIn(viewer))) return responses.signIn(check, row.handle)
    const now = cache.get(row.id)
    if (awake && now && isAwake(now)) {
      usage.touch(row.id)
      return admit(check, now, viewer)
    }
    if (!now || now.desired === 'deleted') return responses.unknown(check, row.handle, false)
    if (now.isSuspended) return responses.suspended(check, row.handle)
    return responses.waking(check, now)
  }

  async function unknown(check: CheckRequest, handle: string | null): Promise<CheckResponse> {
    // Only a page invites. While the database is away nothing is promised.
    const isClaimable =
      handle !== null && isNavigation(check) && (await held(options.isClaimable(handle)).catch(() => false))
    return responses.unknown(check, handle, isClaimable)
  }

  /** `gone` aborts when the client leaves; the answer is then read by nobody. */
  return async function ask(check: CheckRequest, gone: AbortSignal): Promise<CheckResponse> {
    const handle = hosts.handleOf(check.host)
    const row = handle ? await held(options.instanceOf(handle, check.network)) : undefined
    if (!row) return unknown(check, handle)
    // Its handle is still taken, so no query is needed to say that nobody can claim it.
    if (row.desired === 'deleted') return responses.unknown(check, handle, false)
    if (isForeign(check, hosts.instanceOrigin(row.handle))) return responses.refused(check, FOREIGN)
    if (row.isSuspended) return responses.suspended(check, row.handle)
    const viewer = await viewerOf(check)
    const signIn = () => responses.signIn(check, row.handle)
    if (!viewer || viewer.instanceId !== row.id) return signIn()
    if (!accessTo(viewer, row, shares)) return responses.notYours(check, row.handle)
    if (isIncidental(check) && !isAwake(row)) return responses.refused(check, NOT_WOKEN)
    usage.touch(row.id)
    if (check.hasFailed) {
      options.passes.withdraw(row.id)
      const isUp = await held(options.recheck(row))
      if (!isUp && isAwake(cache.get(row.id) ?? row)) return responses.refused(check, SILENT)
      if (!(await isStillIn(viewer))) return signIn()
    }
    const now = cache.get(row.id) ?? row
    if (now.isSuspended) return responses.suspended(check, row.handle)
    return isAwake(now) ? admit(check, now, viewer) : hold(check, now, viewer, gone)
  }
}
