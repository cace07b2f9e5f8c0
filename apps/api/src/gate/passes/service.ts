/**
 * Who gets a pass, and when it ends. A pass lets its holder's requests to one instance past the gate, straight from the
 * edge: so it is for the owner alone, for images that want no proof of who calls them, and for a few seconds, after
 * which a request comes by here again. It is used by somebody, as far as anyone knows, until its end. Whatever would
 * make the gate answer differently ends it at once.
 */
import { createHmac } from 'node:crypto'
import { type Hosts, type InstanceId, PASS_HEADERS, PLATFORM_PATH, passValue } from '@matrixos/shared'
import type { Access } from '../../access/policy.ts'
import type { Sessions } from '../../auth/sessions/service.ts'
import type { Clock } from '../../clock.ts'
import { readCookie, setCookie } from '../../http/cookies.ts'
import { deriveKey } from '../../keys.ts'
import type { InstanceAddress } from '../../ports/runtime.ts'
import type { InstanceCache } from '../../tenants/cache.ts'
import type { Usage } from '../../tenants/idle/usage.ts'
import type { InstanceRow } from '../../tenants/store.ts'
import type { Viewer } from '../app-token.ts'
import { isAwake } from '../awake.ts'
import type { CheckRequest } from '../check-request.ts'
import type { PassFolder } from './folder.ts'

/** How often it is looked whether a pass has ended; one ends this much sooner rather than later. */
export const PASS_TICK_MS = 500
/** With this share of what may be in flight at an instance, the gate counts every request again. */
const CROWDED = 0.5

export interface PassesOptions {
  /** `null`: there are none. */
  folder: PassFolder | null
  hosts: Pick<Hosts, 'instanceHost'>
  cache: Pick<InstanceCache, 'onChange' | 'ofUser'>
  sessions: Pick<Sessions, 'mayEnter' | 'onClosed'>
  usage: Pick<Usage, 'touch' | 'inFlight'>
  clock: Pick<Clock, 'monotonic'>
  platformSecret: string
  lifeMs: number
  /** Requests in flight at one instance. */
  mostInFlight: number
}

/** All that is open at one instance; one look of anybody's ends it for all, and each is let in anew. */
interface Open {
  row: InstanceRow
  host: string
  /** Of each value, by the monotonic clock. */
  endsAt: Map<string, number>
}

export type Passes = ReturnType<typeof createPasses>

export function createPasses(options: PassesOptions) {
  const { folder, hosts, cache, sessions, usage, clock, platformSecret, lifeMs, mostInFlight } = options
  const isOff = folder === null || lifeMs <= PASS_TICK_MS
  const open = new Map<InstanceId, Open>()
  const key = deriveKey(platformSecret, 'pass')

  /** A session has one value at one address of one instance, from every api: its browser keeps its cookie. */
  function valueFor(viewer: Viewer, row: InstanceRow, { host, gatewayPort: port }: InstanceAddress) {
    const named = `${viewer.sessionId} ${row.id} ${host} ${port}`
    const secret = createHmac('sha256', key).update(named).digest('base64url')
    return passValue({ secret, handle: viewer.handle, userId: viewer.userId, host, port })
  }

  function withdraw(id: InstanceId, isGone = false): void {
    const entry = open.get(id)
    if (!entry || !folder) return
    folder.takeAll(entry.host)
    open.delete(id)
    if (!isGone) usage.touch(id)
  }

  function lay(row: InstanceRow, viewer: Viewer, host: string, value: string): void {
    const entry: Open = open.get(row.id) ?? { row, host, endsAt: new Map() }
    if (entry.endsAt.has(value) || !folder?.lay(host, value)) return
    entry.endsAt.set(value, clock.monotonic() + lifeMs - PASS_TICK_MS)
    open.set(row.id, entry)
    // The session may have ended between the gate's question and now.
    sessions.mayEnter(viewer.sessionId).then(
      (isIn) => isIn || withdraw(row.id),
      () => withdraw(row.id),
    )
  }

  cache.onChange(({ row, removed }) => {
    const entry = open.get(row.id)
    if (!entry) return
    if (removed || row.isSuspended || !isAwake(row) || !isSameAddress(row, entry.row))
      withdraw(row.id, removed)
  })
  sessions.onClosed((userId) => {
    const row = cache.ofUser(userId)
    if (row) withdraw(row.id)
  })

  return {
    /** Ends all of an instance's. */
    withdraw,

    /** For one that was let in just now: a `Set-Cookie` where the client should have another cookie than it has. */
    give(check: CheckRequest, row: InstanceRow, viewer: Viewer, { role }: Access): string | null {
      const { address } = row
      if (isOff || !address || role !== 'owner' || !trustsPlace(address) || !asksAsItself(check)) return null
      const host = hosts.instanceHost(row.handle)
      if (check.host !== host || usage.inFlight(row.id) >= mostInFlight * CROWDED) return null
      const value = valueFor(viewer, row, address)
      if (!value) return null
      const isHeld = readCookie(check.cookie, 'pass') === value
      if (!isHeld && !mayBeTold(check)) return null
      lay(row, viewer, host, value)
      return isHeld ? null : setCookie('pass', value)
    },

    /** Ends those whose time is over, and those of instances at which too much is in flight to let anyone by. */
    sweep(): void {
      const now = clock.monotonic()
      for (const [id, { endsAt }] of open) {
        const isOver = [...endsAt.values()].some((at) => at <= now)
        if (isOver || usage.inFlight(id) >= mostInFlight * CROWDED) withdraw(id)
      }
    },

    /** Ends all. */
    close: () => folder?.clear(),
  }
}

/** It takes the edge's word for who calls, and has one port for everything. */
const trustsPlace = ({ trust, gatewayPort, shellPort }: InstanceAddress): boolean =>
  trust === 'edge' && (shellPort === null || shellPort === gatewayPort)

const isSameAddress = (a: InstanceRow, b: InstanceRow): boolean =>
  a.address?.host === b.address?.host &&
  a.address?.gatewayPort === b.address?.gatewayPort &&
  a.address?.shellPort === b.address?.shellPort &&
  a.address?.trust === b.address?.trust

/** A request of the instance's own page, or of a person who typed the address, through an edge that reads passes. */
function asksAsItself({ headers, isWebSocket, hasFailed, uri }: CheckRequest): boolean {
  const site = headers['sec-fetch-site']
  const isOwn = site === 'same-origin' || site === 'none'
  return (
    headers[PASS_HEADERS.wanted] === '1' &&
    isOwn &&
    !isWebSocket &&
    !hasFailed &&
    !uri.startsWith(PLATFORM_PATH)
  )
}

/** A page, or what its program fetches: a cache on the way might keep a script or an image, cookie and all. */
const mayBeTold = ({ headers }: CheckRequest): boolean =>
  headers['sec-fetch-dest'] === 'document' || headers['sec-fetch-dest'] === 'empty'
