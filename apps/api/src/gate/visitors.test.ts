/** Visitors of published apps: who is let in, who wakes what, and how much of it. */
import { CHECK_RESPONSE_HEADERS, hostsOf, newId } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import type { Publication } from '../access/policy.ts'
import { systemClock } from '../clock.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { readCheckRequest } from './check-request.ts'
import { createCheckResponses } from './check-response.ts'
import { createGate } from './service.ts'
import { createVisitors, isArrival } from './visitors.ts'

const hosts = hostsOf('https://mos.test', 'mosinst')
const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer', readsApps: true }
const awake = {
  ...{ id, userId: newId('usr', systemClock), handle: 'ada', desired: 'awake', observed: 'running' },
  ...{ address, closingAt: null, isSuspended: false, error: null },
} as InstanceRow
const asleep = { ...awake, desired: 'asleep', observed: 'stopped', address: null } as InstanceRow

const CHROME = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
}
const PAGE = {
  ...CHROME,
  ...{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
}
const RELOADED = { ...PAGE, 'sec-fetch-site': 'same-origin' }
const FETCH = { ...CHROME, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
const SOCKET = { ...CHROME, 'x-mos-upgrade': 'websocket', origin: 'https://game--ada.mosinst' }
const SLACK = {
  'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  accept: 'text/html',
}
const OLD = { ...CHROME, accept: 'text/html' }

interface Rig {
  row?: InstanceRow
  published?: Partial<Publication> | null
  most?: Partial<Record<'requests' | 'webSockets' | 'wakes', [perNetwork: number, perApp: number]>>
}

function rig({ row = awake, published = {}, most = {} }: Rig = {}) {
  const woken: string[] = []
  const used: string[] = []
  let now = row
  let time = 1_000
  const preview = {
    title: 'Two <Snakes>',
    description: 'A game for two.',
    pictureUrl: 'https://x.test/p.png',
  }
  const publication: Publication = { mode: 'public', visitorCreditNano: 7n, preview, ...published }
  const publications = { of: () => (published === null ? undefined : publication) }
  const responses = createCheckResponses({ hosts, clock: systemClock, lineOf: () => null })
  const limitsOf = (name: keyof NonNullable<Rig['most']>) => {
    const [perNetwork, perApp] = most[name] ?? [1_000, 1_000]
    const limit = (key: string, attempts: number) =>
      memoryLimit({ name: `${name}-${key}`, attempts, seconds: 60, message: 'Too many.' })
    return { perNetwork: limit('network', perNetwork), perApp: limit('app', perApp) }
  }
  const limits = {
    requests: limitsOf('requests'),
    webSockets: limitsOf('webSockets'),
    wakes: limitsOf('wakes'),
  }
  const note = (how: string) => () => void used.push(how)
  const usage = { touch: note('touch'), arrive: note('arrive'), touchByGuest: note('guest') }
  const gate = createGate({
    ...{ hosts, publications, responses, usage, clock: systemClock },
    shares: { of: () => undefined },
    sessions: { mayEnter: async () => true },
    viewerOf: async () => null,
    visitors: createVisitors({
      ...{ publications, responses, usage, limits },
      addressOf: (handle, app) => `${hosts.instanceAppOrigin(handle, app)}/`,
      nonce: () => 'nonce',
      monotonic: () => time,
    }),
    cache: { get: () => now },
    tenants: {
      ensureAwake: async (which) => {
        woken.push(which)
        now = awake
      },
      waitFor: async () => now,
    },
    instanceOf: async () => row,
    passes: { give: () => expect.unreachable('Guests get no pass.'), withdraw: () => undefined },
    connections: { take: () => expect.unreachable('Guests are counted by the edge.') },
    isClaimable: async () => false,
    tokenOf: () => 'token',
    recheck: async () => true,
    ...{ holdMs: 30_000, pageAfterMs: 2_000, mostWaiting: 10 },
  })
  return {
    woken,
    used,
    later: () => {
      time += 60_000
    },
    ask: (headers: Record<string, string>, from = '192.0.2.1') =>
      gate(
        readCheckRequest({ host: 'game--ada.mosinst', 'x-forwarded-for': from, ...headers }, hosts),
        new AbortController().signal,
      ),
  }
}

it('use nothing by what their browsers fetch by themselves', async () => {
  const { ask, used } = rig()
  for (const uri of ['/favicon.ico', '/app.webmanifest'])
    expect((await ask({ ...FETCH, 'x-forwarded-uri': uri })).status).toBe(204)
  expect((await ask({ ...PAGE, 'sec-purpose': 'prefetch' })).status).toBe(204)
  expect(used).toEqual([])
  await ask(PAGE)
  expect(used).toEqual(['arrive'])
})

it('come in as nobody, with what the owner lets the app spend on them, and without a cookie', async () => {
  for (const headers of [PAGE, FETCH, SOCKET]) {
    const answer = await rig().ask(headers)
    expect(answer.status).toBe(204)
    expect(answer.headers).toEqual({
      [CHECK_RESPONSE_HEADERS.upstream]: '10.0.0.9:4000',
      [CHECK_RESPONSE_HEADERS.user]: '',
      [CHECK_RESPONSE_HEADERS.role]: 'visitor',
      [CHECK_RESPONSE_HEADERS.app]: 'game',
      [CHECK_RESPONSE_HEADERS.permissions]: 'ai:7',
      [CHECK_RESPONSE_HEADERS.authorization]: 'Bearer token',
      [CHECK_RESPONSE_HEADERS.platformUserId]: '',
      [CHECK_RESPONSE_HEADERS.platformVerified]: '',
      [CHECK_RESPONSE_HEADERS.frameAncestor]: 'https://ada.mosinst',
      [CHECK_RESPONSE_HEADERS.group]: `${id}/game`,
    })
  }
  const free = await rig({ published: { visitorCreditNano: 0n } }).ask(PAGE)
  expect(free.headers[CHECK_RESPONSE_HEADERS.permissions]).toBe('')
})

it.each([
  ['what is not published', null],
  ['what is for viewers', { mode: 'viewers' as const }],
])('are sent to sign in for %s, and wake nothing', async (_what, published) => {
  const { ask, woken } = rig({ row: asleep, published })
  expect((await ask(PAGE)).status).toBe(302)
  expect((await ask(FETCH)).status).toBe(401)
  expect(woken).toEqual([])
})

describe('a sleeping computer', () => {
  it('is woken by somebody who opens the page', async () => {
    const { ask, woken, used } = rig({ row: asleep })
    expect((await ask(PAGE)).status).toBe(204)
    expect(woken).toEqual([id])
    expect(used).toContain('arrive')
  })

  it.each([
    ['a page that loads itself again', RELOADED],
    ['what a page fetches', FETCH],
    ['a connection that comes back', SOCKET],
    ['a frame of another page', { ...PAGE, 'sec-fetch-dest': 'iframe' }],
    ['a page that is loaded ahead', { ...PAGE, 'sec-purpose': 'prefetch;prerender' }],
    ['a question for the headers alone', { ...PAGE, 'x-forwarded-method': 'HEAD' }],
    ['a change without a browser', { ...CHROME, 'x-forwarded-method': 'POST' }],
  ])('is not woken by %s', async (_what, headers) => {
    const { ask, woken } = rig({ row: asleep })
    const answer = await ask(headers)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '60'])
    expect(woken).toEqual([])
  })

  it('is not woken by programs, nor by browsers that do not say what they do', async () => {
    const { ask, woken, used } = rig({ row: asleep })
    for (const headers of [SLACK, { ...PAGE, 'user-agent': 'Twitterbot/1.0' }, OLD]) {
      const { status, body } = await ask(headers)
      expect(status).toBe(200)
      expect(body).toContain('<meta property="og:title" content="Two &lt;Snakes&gt;">')
      expect(body).toContain('<meta property="og:image" content="https://x.test/p.png">')
      expect(body).toContain('content="https://game--ada.mosinst/"')
    }
    expect((await ask({ ...SLACK, 'x-forwarded-method': 'POST' })).status).toBe(403)
    expect([woken, used]).toEqual([[], []])
  })

  it('is woken only so often: by a network, and by all', async () => {
    const perNetwork = rig({ row: asleep, most: { wakes: [2, 100] } })
    const statuses = []
    for (let i = 0; i < 3; i++) {
      statuses.push((await perNetwork.ask(PAGE).catch(({ code }) => code)).status ?? 429)
      perNetwork.later()
    }
    expect(statuses).toEqual([204, 204, 429])
    expect((await perNetwork.ask(PAGE, '192.0.2.2')).status).toBe(204)
    const inSum = rig({ row: asleep, most: { wakes: [100, 2] } })
    for (const from of ['192.0.2.1', '192.0.2.2']) {
      await inSum.ask(PAGE, from)
      inSum.later()
    }
    await expect(inSum.ask(PAGE, '192.0.2.3')).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterS: expect.any(Number),
    })
  })

  it('that wakes already holds what comes meanwhile', async () => {
    const starting = { ...asleep, desired: 'awake', observed: 'starting' } as InstanceRow
    const { ask } = rig({ row: starting, most: { wakes: [0, 0] } })
    expect((await ask(RELOADED)).status).toBe(204)
  })

  it('that is about to sleep is kept awake by nobody’s open page', async () => {
    const closing = { ...awake, closingAt: new Date(0) } as InstanceRow
    const { ask, woken } = rig({ row: closing })
    expect((await ask(FETCH)).status).toBe(503)
    expect(woken).toEqual([])
    expect((await ask(PAGE)).status).toBe(204)
  })
})

describe('an awake one', () => {
  it('shows programs the preview, and lets an old browser in', async () => {
    const { ask } = rig()
    expect((await ask(SLACK)).body).toContain('og:title')
    expect((await ask(OLD)).status).toBe(204)
  })

  it('counts an opened page as use, and what pages do by themselves for a time', async () => {
    const { ask, used } = rig()
    for (const headers of [PAGE, { ...RELOADED, 'sec-fetch-user': '?1' }, RELOADED, FETCH, SOCKET])
      await ask(headers)
    expect(used).toEqual(['arrive', 'arrive', 'guest', 'guest', 'guest'])
  })

  it.each([
    ['requests', FETCH],
    ['webSockets', SOCKET],
  ] as const)('takes only so many %s', async (kind, headers) => {
    const many = rig({ most: { [kind]: [2, 3] } })
    const codes = async (from: string) =>
      many.ask(headers, from).then(
        ({ status }) => status,
        ({ httpStatus }) => httpStatus,
      )
    expect([await codes('192.0.2.1'), await codes('192.0.2.1'), await codes('192.0.2.1')]).toEqual([
      204, 204, 429,
    ])
    expect([await codes('192.0.2.2'), await codes('192.0.2.2')]).toEqual([204, 429])
  })
})

it('sees an arrival in what a person does alone', () => {
  const read = (headers: Record<string, string>) =>
    readCheckRequest({ host: 'game--ada.mosinst', ...headers }, hosts)
  expect(isArrival(read(PAGE))).toBe(true)
  expect(isArrival(read({ ...PAGE, 'sec-fetch-site': 'none' }))).toBe(true)
  for (const headers of [RELOADED, FETCH, OLD, { ...PAGE, 'x-forwarded-method': 'POST' }])
    expect(isArrival(read(headers))).toBe(false)
})
