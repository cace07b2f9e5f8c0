/** The gate at the hosts of apps: who comes in, as what, and with which session. */
import { CHECK_RESPONSE_HEADERS, hostsOf, newId, type UserId } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import type { Publication, Shares } from '../access/policy.ts'
import { systemClock } from '../clock.ts'
import { COOKIES } from '../http/cookies.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createAppTokens } from './app-token.ts'
import { readCheckRequest } from './check-request.ts'
import { createCheckResponses } from './check-response.ts'
import { createGate, type GateOptions } from './service.ts'
import { createViewerOf } from './viewer.ts'

const hosts = hostsOf('https://mos.test', 'mosinst')
const [ada, bob] = [newId('usr', systemClock), newId('usr', systemClock)]
const address = {
  ...{ host: '10.0.0.9', gatewayPort: 4000, shellPort: 3000, trust: 'edge' as const },
  ...{ readsRoles: true, readsApps: true },
}
const id = newId('ins', systemClock)
const row = {
  ...{ id, userId: ada, handle: 'ada', desired: 'awake', observed: 'running', address, closingAt: null },
} as InstanceRow
const tokens = createAppTokens({ platformSecret: 'p'.repeat(43), clock: systemClock })

const [GAME, CHAT, COMPUTER] = ['game--ada.mosinst', 'chat--ada.mosinst', 'ada.mosinst']
const PAGE = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const FETCH = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
const FRAME = { ...PAGE, 'sec-fetch-dest': 'iframe' }

const sessionOf = (userId: UserId) => ({ userId, sessionId: newId('ses', systemClock), instanceId: id })

/** The cookie of somebody who was handed off to a host. */
const cookieAt = async (host: string, userId: UserId = ada, handle = 'ada') => {
  const grant = { ...sessionOf(userId), handle, app: hosts.hostedAt(host)?.app ?? null }
  return `${COOKIES.app.name}=${await tokens.issue(grant, host)}`
}

interface Rig extends Partial<GateOptions> {
  published?: Partial<Publication>
  shared?: Shares['of']
}

function gateWith({ published, shared = () => undefined, ...options }: Rig = {}) {
  const preview = { title: 'Game', description: '', pictureUrl: null }
  const publication: Publication | undefined = published && {
    ...{ mode: 'public', visitorCreditNano: 0n, preview },
    ...published,
  }
  const sessions = { mayEnter: async () => true }
  const gate = createGate({
    ...{ hosts, sessions, clock: systemClock },
    shares: { of: shared },
    publications: { of: (of, app) => (of === id && app === 'game' ? publication : undefined) },
    viewerOf: createViewerOf({ tokens, sessions }),
    cache: { get: () => row },
    tenants: { ensureAwake: async () => undefined, waitFor: async () => row },
    instanceOf: async (handle) => (handle === 'ada' ? row : undefined),
    connections: { take: () => undefined },
    passes: { give: () => null, withdraw: () => undefined },
    visitors: { receive: async () => null, use: () => undefined },
    usage: { touch: () => undefined, touchByGuest: () => undefined },
    responses: createCheckResponses({ hosts, clock: systemClock, lineOf: () => null }),
    isClaimable: async () => false,
    tokenOf: () => 'token',
    recheck: async () => true,
    ...{ holdMs: 30_000, pageAfterMs: 2_000, mostWaiting: 10 },
    ...options,
  })
  return (host: string, headers: Record<string, string> = FETCH) =>
    gate(readCheckRequest({ host, ...headers }, hosts), new AbortController().signal)
}

describe('its owner', () => {
  it('comes in as such, and the instance is told which app it is', async () => {
    const cookie = await cookieAt(GAME)
    const answer = await gateWith()(GAME, { ...FETCH, cookie })
    expect(answer).toEqual({
      status: 204,
      headers: {
        [CHECK_RESPONSE_HEADERS.upstream]: '10.0.0.9:4000',
        [CHECK_RESPONSE_HEADERS.user]: 'ada',
        [CHECK_RESPONSE_HEADERS.role]: 'owner',
        [CHECK_RESPONSE_HEADERS.app]: 'game',
        [CHECK_RESPONSE_HEADERS.permissions]: 'ai',
        [CHECK_RESPONSE_HEADERS.authorization]: '',
        [CHECK_RESPONSE_HEADERS.platformUserId]: ada,
        [CHECK_RESPONSE_HEADERS.platformVerified]: '',
        [CHECK_RESPONSE_HEADERS.frameAncestor]: 'https://ada.mosinst',
        [CHECK_RESPONSE_HEADERS.group]: '',
      },
    })
  })

  it('has it framed by the computer, and the computer by the platform alone', async () => {
    const gate = gateWith()
    const framed = await gate(GAME, { ...FRAME, cookie: await cookieAt(GAME) })
    expect(framed.status).toBe(204)
    const computer = await gate(COMPUTER, { ...FETCH, cookie: await cookieAt(COMPUTER) })
    expect(computer.headers).toMatchObject({
      [CHECK_RESPONSE_HEADERS.app]: '',
      [CHECK_RESPONSE_HEADERS.frameAncestor]: 'https://app.mos.test',
    })
  })

  it('is let in by a cookie of a tab or of a frame, whichever still counts', async () => {
    const stale = `${COOKIES.app.name}=stale`
    const cookie = `${stale}; ${await cookieAt(GAME)}`
    expect((await gateWith()(GAME, { ...FETCH, cookie })).status).toBe(204)
  })
})

it.each([
  ['the computer', 'an app', COMPUTER, GAME],
  ['an app', 'the computer', GAME, COMPUTER],
  ['an app', 'another app', GAME, CHAT],
])('does not take a session at %s for one at %s', async (_from, _to, from, to) => {
  const token = (await cookieAt(from)).split('=')[1]
  expect((await gateWith()(to, { ...FETCH, cookie: `${COOKIES.app.name}=${token}` })).status).toBe(401)
  // Not even one that names the right host, if that is not what it was made for.
  const grant = { ...sessionOf(ada), handle: 'ada', app: hosts.hostedAt(from)?.app ?? null }
  const forged = await tokens.issue(grant, to)
  expect((await gateWith()(to, { ...FETCH, cookie: `${COOKIES.app.name}=${forged}` })).status).toBe(401)
})

it.each([
  ['the computer', 'https://ada.mosinst'],
  ['another app', 'https://chat--ada.mosinst'],
  ['somebody else’s app of that name', 'https://game--bob.mosinst'],
  ['the platform', 'https://app.mos.test'],
])('takes pages of %s for strangers', async (_whose, origin) => {
  const gate = gateWith({ published: {} })
  const cookie = await cookieAt(GAME)
  const webSocket = { 'x-mos-upgrade': 'websocket', origin, cookie }
  expect((await gate(GAME, webSocket)).status).toBe(403)
  expect((await gate(GAME, { ...webSocket, origin: 'https://game--ada.mosinst' })).status).toBe(204)
  expect((await gate(GAME, { origin, cookie })).status).toBe(403)
  for (const site of ['same-site', 'cross-site'])
    expect((await gate(GAME, { 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', cookie })).status).toBe(403)
  // Nor are an app's pages at home at the computer.
  const own = await cookieAt(COMPUTER)
  expect((await gate(COMPUTER, { origin: 'https://game--ada.mosinst', cookie: own })).status).toBe(403)
  expect((await gate(COMPUTER, { ...FRAME, cookie: own })).status).toBe(403)
})

describe('nobody', () => {
  it('is sent to sign in at the computer, and a program is told', async () => {
    const gate = gateWith()
    const answer = await gate(GAME, { ...PAGE, 'x-forwarded-uri': '/level?n=2' })
    const location = new URL(answer.headers.location ?? '')
    expect([answer.status, location.origin + location.pathname]).toEqual([
      302,
      'https://ada.mosinst/.mos/app-launch',
    ])
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ app: 'game', rt: '/level?n=2' })
    expect(answer.headers['set-cookie']).toMatch(/^__Host-mos_st=[\w-]{43}; .*SameSite=Lax$/)
    expect((await gate(GAME)).status).toBe(401)
  })

  it('gets a cookie in a frame that only frames of that page have', async () => {
    const answer = await gateWith()(GAME, FRAME)
    expect(answer.status).toBe(302)
    expect(answer.headers['set-cookie']).toMatch(/Secure; SameSite=None; Partitioned$/)
  })

  it('is no visitor of what is open to viewers alone', async () => {
    expect((await gateWith({ published: { mode: 'viewers' } })(GAME, PAGE)).status).toBe(302)
  })
})

describe('a viewer', () => {
  const shared: Shares['of'] = (_, who) => (who === bob ? { canUseNotes: true } : undefined)
  const ask = async (rig: Rig) =>
    gateWith({ shared, ...rig })(GAME, { ...FETCH, cookie: await cookieAt(GAME, bob, 'bob') })

  it.each(['viewers', 'public'] as const)(
    'comes in under their name where it is published for %s',
    async (mode) => {
      const { status, headers } = await ask({ published: { mode, visitorCreditNano: 5n } })
      expect([status, headers]).toMatchObject([
        204,
        {
          [CHECK_RESPONSE_HEADERS.role]: 'viewer',
          [CHECK_RESPONSE_HEADERS.user]: 'bob',
          [CHECK_RESPONSE_HEADERS.permissions]: 'ai:5',
          [CHECK_RESPONSE_HEADERS.group]: `${id}/game`,
        },
      ])
    },
  )

  it('does not see what its owner has not published', async () => {
    const { status, body } = await ask({})
    expect([status, JSON.parse(body ?? '{}').message]).toEqual([
      403,
      'Only ada and people ada invites can open it.',
    ])
  })

  it('is refused once they are no viewer any more, and then a visitor like anybody', async () => {
    expect((await ask({ shared: () => undefined, published: { mode: 'viewers' } })).status).toBe(403)
    const { headers } = await ask({ shared: () => undefined, published: {} })
    expect(headers).toMatchObject({
      [CHECK_RESPONSE_HEADERS.role]: 'visitor',
      [CHECK_RESPONSE_HEADERS.user]: '',
      [CHECK_RESPONSE_HEADERS.platformUserId]: '',
      [CHECK_RESPONSE_HEADERS.platformVerified]: '',
    })
  })
})

it('asks no image that would serve its owner’s own pages there', async () => {
  const old = { ...row, address: { ...address, readsApps: false } }
  const options = { cache: { get: () => old }, instanceOf: async () => old }
  const cookie = await cookieAt(GAME)
  const { status, body } = await gateWith(options)(GAME, { ...PAGE, cookie })
  expect(status).toBe(403)
  expect(body).toContain('does not support apps')
  expect((await gateWith(options)(COMPUTER, { ...FETCH, cookie: await cookieAt(COMPUTER) })).status).toBe(204)
})

it('refuses the apps of whose account is suspended', async () => {
  const suspended = { ...row, isSuspended: true }
  const gate = gateWith({ published: {}, cache: { get: () => suspended }, instanceOf: async () => suspended })
  for (const headers of [PAGE, { ...FETCH, cookie: await cookieAt(GAME) }])
    expect((await gate(GAME, headers)).status).toBe(403)
})

it('lets no app have a service worker, which would see the tickets of its hand-offs', async () => {
  const worker = { ...FETCH, 'service-worker': 'script', 'sec-fetch-dest': 'serviceworker' }
  const refused = await gateWith()(GAME, { ...worker, cookie: await cookieAt(GAME) })
  expect(refused.status).toBe(403)
  const own = await gateWith()(COMPUTER, { ...worker, cookie: await cookieAt(COMPUTER) })
  expect(own.status).toBe(204)
})

it('has no app of whom there is not', async () => {
  expect((await gateWith()('game--nobody.mosinst', PAGE)).status).toBe(404)
  expect((await gateWith()('xn--ada.mosinst', PAGE)).status).toBe(404)
})
