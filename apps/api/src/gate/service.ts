/**
 * The gate: before every request to an instance the edge asks who is there, whether they may come in, and whether
 * the instance is awake. It answers with an address, or with what the client gets instead.
 */
import { createHmac } from 'node:crypto'
import { GATE_HEADERS, type Hosts, type InstanceId, isGatewayPath } from '@matrixos/shared'
import { mayOpen } from '../access/policy.ts'
import type { Sessions } from '../auth/sessions/service.ts'
import type { Clock } from '../clock.ts'
import { readCookie } from '../http/cookies.ts'
import type { InstanceMirror } from '../tenants/cache.ts'
import type { Usage } from '../tenants/idle/usage.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { AppTokens, Viewer } from './app-token.ts'
import { isForeign, isIncidental, isNavigation, type Question } from './check-request.ts'
import { type Answer, type Answers, problem } from './check-response.ts'
import type { ConnectionLimit } from './connections.ts'
import type { HostLookup } from './host-lookup.ts'
import { aborted, within } from './within.ts'

export interface GateOptions {
  hosts: Hosts
  mirror: Pick<InstanceMirror, 'get'>
  tenants: Pick<TenantService, 'want' | 'waitFor'>
  instanceOf: HostLookup
  connections: ConnectionLimit
  sessions: Pick<Sessions, 'mayEnter'>
  usage: Pick<Usage, 'touch'>
  tokens: AppTokens
  answers: Answers
  /** Whether sign-up would take this handle now. */
  isClaimable: (handle: string) => Promise<boolean>
  tokenOf: (handle: string) => string
  /** Looks at one instance anew, after the edge could not reach it; `false`: it runs, and does not answer. */
  recheck: (row: InstanceRow) => Promise<boolean>
  clock: Clock
  /** How long a request is held, and how long a person waits before a page shows progress instead. */
  holdMs: number
  pageAfterMs: number
  /** Requests held for one instance. */
  mostWaiting: number
}

/** How often a request that is held counts as use. */
const TOUCH_MS = 1_000

export type Gate = ReturnType<typeof createGate>

export function createGate(options: GateOptions) {
  const { hosts, mirror, tenants, sessions, usage, tokens, answers, clock } = options

  /** While an idle instance is about to be put to sleep, every way in leads through the database. */
  const isAwake = (row: InstanceRow): boolean =>
    row.observed === 'running' && row.desired === 'awake' && row.address !== null && row.closingAt === null

  async function viewerOf(question: Question): Promise<Viewer | null> {
    const viewer = await tokens.verify(readCookie(question.cookie, 'app'), question.host)
    return viewer && (await sessions.mayEnter(viewer.sessionId)) ? viewer : null
  }

  /** Asked again after each wait: whose session ended meanwhile must not get a connection that outlives it. */
  const isStillIn = ({ sessionId }: Viewer): Promise<boolean> => sessions.mayEnter(sessionId)

  const held = <T>(work: Promise<T>): Promise<T> => within(options.holdMs, work)

  /** The way in: every header each time, so that none of the client's own passes for one. */
  function admit(question: Question, row: InstanceRow, viewer: Viewer): Answer {
    const { address } = row
    if (!address) throw new Error('An awake instance has an address.')
    options.connections.take(row.id, question.isWebSocket)
    const token = options.tokenOf(row.handle)
    const port = isGatewayPath(question.uri, question.isWebSocket)
      ? address.gatewayPort
      : (address.shellPort ?? address.gatewayPort)
    const headers = {
      [GATE_HEADERS.upstream]: `${address.host}:${port}`,
      [GATE_HEADERS.user]: viewer.handle,
      // An image that trusts the edge by its position never holds a secret that its neighbours could use.
      [GATE_HEADERS.authorization]: address.trust === 'bearer' ? `Bearer ${token}` : '',
      [GATE_HEADERS.platformUserId]: viewer.userId,
      [GATE_HEADERS.platformVerified]: createHmac('sha256', token).update(viewer.userId).digest('hex'),
    }
    return { status: 204, headers }
  }

  /** Requests that wait for one instance: one person cannot hold all of the platform's memory. */
  const waiting = new Map<InstanceId, number>()

  async function hold(
    question: Question,
    row: InstanceRow,
    viewer: Viewer,
    gone: AbortSignal,
  ): Promise<Answer> {
    const count = waiting.get(row.id) ?? 0
    if (count >= options.mostWaiting)
      return problem('too_many_requests', 'Too many requests are waiting for this computer.', 5)
    waiting.set(row.id, count + 1)
    // Who waits uses it: otherwise it could be put to sleep again before it is awake.
    const using = setInterval(usage.touch, TOUCH_MS, row.id)
    try {
      return await wake(question, row, viewer, gone)
    } finally {
      clearInterval(using)
      const left = (waiting.get(row.id) ?? 1) - 1
      if (left > 0) waiting.set(row.id, left)
      else waiting.delete(row.id)
    }
  }

  async function wake(
    question: Question,
    row: InstanceRow,
    viewer: Viewer,
    gone: AbortSignal,
  ): Promise<Answer> {
    const isPage = isNavigation(question) && question.method === 'GET'
    const patience = AbortSignal.timeout(isPage ? options.pageAfterMs : options.holdMs)
    const over = AbortSignal.any([patience, gone])
    await Promise.race([tenants.want(row.id), aborted(over)])
    // A failed instance that is tried again at once may be awake in a moment.
    const hasFailed = (now: InstanceRow) =>
      now.observed === 'failed' && (now.nextAttemptAt?.getTime() ?? 0) > clock.now()
    const isSettled = (now: InstanceRow) => isAwake(now) || hasFailed(now) || now.desired === 'deleted'
    const awake = await tenants.waitFor(row.id, isSettled, over)
    if (awake && isAwake(awake) && !(await isStillIn(viewer))) return answers.signIn(question, row.handle)
    const now = mirror.get(row.id)
    if (awake && now && isAwake(now)) {
      usage.touch(row.id)
      return admit(question, now, viewer)
    }
    if (!now || now.desired === 'deleted') return answers.unknown(question, row.handle, false)
    return answers.waking(question, now)
  }

  async function unknown(question: Question, handle: string | null): Promise<Answer> {
    // Only a page invites. While the database is away nothing is promised.
    const asks = handle !== null && isNavigation(question)
    const isClaimable = asks && (await held(options.isClaimable(handle)).catch(() => false))
    return answers.unknown(question, handle, isClaimable)
  }

  /** `gone` aborts when the client leaves; the answer is then read by nobody. */
  return async function ask(question: Question, gone: AbortSignal): Promise<Answer> {
    const handle = hosts.handleOf(question.host)
    const row = handle === null ? undefined : await held(options.instanceOf(handle, question.network))
    if (!row) return unknown(question, handle)
    // Its handle is still taken, so no query is needed to say that nobody can claim it.
    if (row.desired === 'deleted') return answers.unknown(question, handle, false)
    if (isForeign(question, hosts.instanceOrigin(row.handle))) {
      return problem('forbidden', 'Requests from another site are not let in here.')
    }
    const viewer = await viewerOf(question)
    const signIn = () => answers.signIn(question, row.handle)
    if (!viewer || viewer.instanceId !== row.id) return signIn()
    if (!mayOpen(viewer, row)) return answers.notYours(question, row.handle)
    if (isIncidental(question) && !isAwake(row))
      return problem('waking', 'Asleep, and this request does not wake it.', 60)
    usage.touch(row.id)
    if (question.hasFailed) {
      const isUp = await held(options.recheck(row))
      if (!isUp && isAwake(mirror.get(row.id) ?? row))
        return problem('instance_unhealthy', 'This computer is running but does not answer.', 5)
      if (!(await isStillIn(viewer))) return signIn()
    }
    const now = mirror.get(row.id) ?? row
    return isAwake(now) ? admit(question, now, viewer) : hold(question, now, viewer, gone)
  }
}
