/**
 * Visitors of published apps: people without an account, and whatever else the web sends. They are limited by network and by
 * app in sum; what opens no page on somebody's behalf wakes nothing.
 */
import { LRUCache } from 'lru-cache'
import type { Publications } from '../access/policy.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Usage } from '../tenants/idle/usage.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { type CheckRequest, isNavigation } from './check-request.ts'
import type { CheckResponse, CheckResponses } from './check-response.ts'
import { type Entrance, groupOf } from './entrance.ts'
import { hasFetchMetadata, isIncidental, isProgram } from './incidental.ts'
import { publicationPreview } from './publication-preview.ts'

type Limit = Pick<AttemptLimit, 'take'>

/** By network, and by app in sum: one network that asks too much is refused before it counts for the app. */
export interface VisitorLimit {
  perNetwork: Limit
  perApp: Limit
}

export interface VisitorsOptions {
  publications: Publications
  limits: { requests: VisitorLimit; webSockets: VisitorLimit; wakes: VisitorLimit }
  responses: CheckResponses
  usage: Pick<Usage, 'touch' | 'arrive' | 'touchByGuest'>
  /** The address of an app's page, and 43 characters of base64url: for previews. */
  addressOf: (handle: string, app: string) => string
  nonce: () => string
  /** Milliseconds that no change of the system's clock moves. */
  monotonic: () => number
}

/** Those who come within it wake a computer together. Until then it is known to be waking. */
const TOGETHER_MS = 5_000
const MOST_TOGETHER = 10_000

const NOT_WOKEN = {
  code: 'waking',
  message: 'This app is asleep. Open its page to wake it.',
  retryAfterS: 60,
} as const
const NOT_FOR_BOTS = { code: 'forbidden', message: 'Apps are for people: programs get a preview.' } as const

/**
 * Somebody opens the page: by its address, by a link, again by hand. A page that loads itself again is none, or one that was
 * left open would keep the computer awake for ever.
 */
export const isArrival = (check: CheckRequest): boolean => {
  const { method, headers } = check
  // Browsers open no page by HEAD: what asks so wants no page.
  if (method !== 'GET' || !hasFetchMetadata(check) || !isNavigation(check) || isIncidental(check))
    return false
  if (headers['sec-fetch-dest'] !== 'document') return false
  return headers['sec-fetch-site'] !== 'same-origin' || headers['sec-fetch-user'] === '?1'
}

export type Visitors = ReturnType<typeof createVisitors>

export function createVisitors({
  publications,
  limits,
  responses,
  usage,
  addressOf,
  nonce,
  monotonic,
}: VisitorsOptions) {
  const counted = new LRUCache<string, Promise<void>>({
    ...{ max: MOST_TOGETHER, ttl: TOGETHER_MS, ttlResolution: 0 },
    perf: { now: monotonic },
  })
  async function take({ perNetwork, perApp }: VisitorLimit, check: CheckRequest, group: string) {
    await perNetwork.take(check.network)
    await perApp.take(group)
  }

  /** Takes it for the first of those who come at once, and the others have what came of that. */
  function takeOnce(limit: Limit, key: string, of: string): Promise<void> {
    const known = counted.get(of)
    if (known) return known
    const taken = limit.take(key)
    counted.set(of, taken)
    taken.catch(() => counted.delete(of))
    return taken
  }

  /** However many open the page of one that sleeps, it is woken once: nobody can use up its wakes by one burst. */
  async function takeWake(check: CheckRequest, group: string): Promise<void> {
    await takeOnce(limits.wakes.perNetwork, check.network, `${check.network} ${group}`)
    await takeOnce(limits.wakes.perApp, group, group)
  }

  const preview = (check: CheckRequest, row: InstanceRow, app: string): CheckResponse => {
    const publication = publications.of(row.id, app)
    if (!publication) return responses.signIn(check, row.handle)
    const { handle } = row
    return publicationPreview({ publication, handle, url: addressOf(handle, app), nonce: nonce() })
  }

  return {
    /** `null`: lets the request go on, held where the computer is not awake. Throws `too_many_requests`. */
    async receive(check: CheckRequest, row: InstanceRow, isAwake: boolean): Promise<CheckResponse | null> {
      const app = check.app ?? ''
      const group = groupOf(row, app)
      await take(limits.requests, check, group)
      if (check.isWebSocket) await take(limits.webSockets, check, group)
      const isRead = !check.isWebSocket && (check.method === 'GET' || check.method === 'HEAD')
      if (isProgram(check)) return isRead ? preview(check, row, app) : responses.refused(check, NOT_FOR_BOTS)
      if (isAwake) return null
      // Somebody came before: what their page asks for meanwhile waits with it.
      if (row.desired === 'awake' && row.closingAt === null) return null
      if (isArrival(check)) {
        await takeWake(check, group)
        return null
      }
      return isNavigation(check) && !hasFetchMetadata(check)
        ? preview(check, row, app)
        : responses.refused(check, NOT_WOKEN)
    },

    /** Notes the use, whoever it is that comes in. What browsers fetch by themselves is none. */
    use(check: CheckRequest, row: Pick<InstanceRow, 'id'>, { role, group }: Entrance): void {
      if (isIncidental(check)) return
      if (group === '') usage.touch(row.id)
      else if (role === 'viewer' || isArrival(check)) usage.arrive(row.id)
      else usage.touchByGuest(row.id)
    },
  }
}
