import {
  hostsOf,
  newId,
  PASS_COOKIE,
  PASS_HEADERS,
  PASS_PATTERN,
  SCOPES,
  type UserId,
} from '@matrixos/shared'
import { beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { InstanceAddress } from '../../ports/runtime.ts'
import type { Change } from '../../tenants/cache.ts'
import type { InstanceRow } from '../../tenants/store.ts'
import type { Viewer } from '../app-token.ts'
import { readCheckRequest } from '../check-request.ts'
import { createPasses } from './service.ts'

const LIFE_MS = 10_000
const hosts = hostsOf('http://localhost')
const userId = newId('usr', systemClock)
const address: InstanceAddress = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'edge' }
const row = {
  ...{ id: newId('ins', systemClock), userId, handle: 'ada', desired: 'awake', observed: 'running' },
  ...{ address, closingAt: null, isSuspended: false },
} as InstanceRow
const viewer: Viewer = {
  ...{ how: 'session', userId, handle: 'ada', role: 'member', scopes: SCOPES, provedAt: null },
  ...{ sessionId: newId('ses', systemClock), instanceId: row.id },
}
const ASK = {
  ...{ host: 'ada.localhost', [PASS_HEADERS.wanted]: '1' },
  ...{ 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' },
}

let now: number
let inFlight: number
let mayEnter: () => Promise<boolean>
let laid: Map<string, Set<string>>
let touched: number
let change: (change: Change) => void
let close: (userId: UserId) => void
let passes: ReturnType<typeof createPasses>

beforeEach(() => {
  now = 1000
  inFlight = 0
  touched = 0
  mayEnter = async () => true
  laid = new Map()
  passes = createPasses({
    hosts,
    folder: {
      lay: (host, value) => {
        laid.set(host, (laid.get(host) ?? new Set()).add(value))
        return true
      },
      takeAll: (host) => void laid.delete(host),
      clear: () => laid.clear(),
    },
    cache: {
      ofUser: (id) => (id === userId ? row : undefined),
      onChange: (listener) => {
        change = listener
        return () => true
      },
    },
    sessions: {
      mayEnter: () => mayEnter(),
      onClosed: (listener) => {
        close = listener
        return () => true
      },
    },
    usage: { touch: () => void touched++, inFlight: () => inFlight },
    clock: { monotonic: () => now },
    platformSecret: 'x'.repeat(32),
    lifeMs: LIFE_MS,
    mostInFlight: 100,
  })
})

const OWNER = { role: 'owner' } as const
const give = (headers: Record<string, string> = {}, of: Partial<InstanceRow> = {}) =>
  passes.give(readCheckRequest({ ...ASK, ...headers }), { ...row, ...of }, viewer, OWNER)
const valueIn = (cookie: string | null) => /^__Host-mos_pass=([^;]*)/.exec(cookie ?? '')?.[1] ?? ''
const open = () => [...(laid.get('ada.localhost') ?? [])]
/** A client that has its cookie, and what it holds. */
const opened = (): string => valueIn(give())

it('tells a client of its pass once, and lays the same one again after its time', () => {
  const cookie = give()
  const value = valueIn(cookie)
  expect(new RegExp(PASS_PATTERN).exec(value)?.slice(1)).toEqual(['ada', userId, '10.0.0.9', '4000'])
  expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  expect(open()).toEqual([value])
  const held = { cookie: `${PASS_COOKIE}=${value}` }
  expect(give(held)).toBeNull()
  now += LIFE_MS
  passes.sweep()
  expect(open()).toEqual([])
  expect(give(held)).toBeNull()
  expect(open()).toEqual([value])
})

it('ends a pass before its time is over rather than after it, and counts it as use until then', () => {
  opened()
  now += LIFE_MS / 2
  passes.sweep()
  expect([open().length, touched]).toEqual([1, 0])
  now += LIFE_MS / 2 - 500
  passes.sweep()
  expect([open().length, touched]).toEqual([0, 1])
})

const NOBODYS: [string, Record<string, string>, Partial<InstanceRow>][] = [
  ['an edge that reads none', { [PASS_HEADERS.wanted]: '' }, {}],
  ['a page of another instance', { 'sec-fetch-site': 'same-site' }, {}],
  ['a client that does not say where it comes from', { 'sec-fetch-site': '' }, {}],
  ['a WebSocket', { 'x-mos-upgrade': 'websocket' }, {}],
  ['a request that found nobody at the address', { 'x-mos-failed': '1' }, {}],
  ['a path of the platform', { 'x-forwarded-uri': '/.mos/progress' }, {}],
  ['a script, which a cache could keep with the cookie', { 'sec-fetch-dest': 'script' }, {}],
  ['a host that is another’s', { host: 'app--ada.localhost' }, {}],
  ['an image that wants a proof', {}, { address: { ...address, trust: 'bearer' } }],
  ['an image with two ports', {}, { address: { ...address, shellPort: 3000 } }],
  ['an address that is no IPv4 one', {}, { address: { ...address, host: '[fd00::9]' } }],
]

it.each(NOBODYS)('gives none to %s', (_, headers, of) => {
  expect(give(headers, of)).toBeNull()
  expect(open()).toEqual([])
})

it('gives none to a viewer', () => {
  const access = { role: 'viewer', canUseNotes: true } as const
  expect(passes.give(readCheckRequest(ASK), row, viewer, access)).toBeNull()
  expect(open()).toEqual([])
})

it('gives another at another address, and to another session', () => {
  const first = opened()
  const moved = valueIn(give({}, { address: { ...address, host: '10.0.0.10' } }))
  const other = { ...viewer, sessionId: newId('ses', systemClock) }
  const second = valueIn(passes.give(readCheckRequest(ASK), row, other, OWNER))
  expect(new Set([first, moved, second]).size).toBe(3)
})

const ENDS: [string, Partial<Change>, Partial<InstanceRow>][] = [
  ['is about to be put to sleep', {}, { closingAt: new Date() }],
  ['is to sleep', {}, { desired: 'asleep' }],
  ['has stopped', {}, { observed: 'stopped', address: null }],
  ['is suspended', {}, { isSuspended: true }],
  ['moved', {}, { address: { ...address, host: '10.0.0.10' } }],
  ['is gone', { removed: true }, {}],
]

it.each(ENDS)('ends all when an instance %s', (_, more, of) => {
  opened()
  change({ row, removed: false, added: false })
  expect(open()).toHaveLength(1)
  change({ row: { ...row, ...of }, removed: false, added: false, ...more })
  expect(open()).toEqual([])
})

it('ends all when a session of the owner ends, and none for anybody else’s', () => {
  opened()
  close(newId('usr', systemClock))
  expect(open()).toHaveLength(1)
  close(userId)
  expect(open()).toEqual([])
})

it.each([
  ['ended', async () => false],
  ['cannot be known', () => Promise.reject(new Error('The database is away.'))],
])('ends what was given when the session %s meanwhile', async (_, answer) => {
  mayEnter = answer
  opened()
  await expect.poll(open).toEqual([])
})

it('lets nobody by where much is in flight, so that the gate counts', () => {
  opened()
  inFlight = 50
  passes.sweep()
  expect(open()).toEqual([])
  expect(give()).toBeNull()
  expect(open()).toEqual([])
})

it('ends all when the api does', () => {
  opened()
  passes.close()
  expect(open()).toEqual([])
})
