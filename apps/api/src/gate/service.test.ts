import {
  CHECK_REQUEST_HEADERS,
  CHECK_RESPONSE_HEADERS,
  hostsOf,
  newId,
  PASS_HEADERS,
  SCOPES,
} from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { Viewer } from './app-token.ts'
import { readCheckRequest } from './check-request.ts'
import { createCheckResponses } from './check-response.ts'
import { createGate, type GateOptions } from './service.ts'

const hosts = hostsOf('http://localhost')
const id = newId('ins', systemClock)
const userId = newId('usr', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' } as const
const asleep = { id, userId, handle: 'ada', desired: 'awake', observed: 'starting' } as InstanceRow
const awake = { ...asleep, observed: 'running', address, closingAt: null } as InstanceRow

const HOLD_MS = 30_000
const never = () => new Promise<never>(() => undefined)
const stay = new AbortController().signal
const ask = (more: Record<string, string>) => readCheckRequest({ host: 'ada.localhost', ...more }, hosts)
const visit = () => ask({})

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
)
afterEach(() => void vi.useRealTimers())

/** A gate of one instance that its owner asks for. */
function setUp(row: InstanceRow, options: Partial<GateOptions> = {}) {
  const viewer: Viewer = {
    how: 'session',
    userId,
    handle: 'ada',
    role: 'member',
    scopes: SCOPES,
    provedAt: null,
    sessionId: newId('ses', systemClock),
    instanceId: id,
    app: null,
  }
  return createGate({
    hosts,
    shares: { of: () => undefined },
    publications: { of: () => undefined },
    cache: { get: () => row },
    tenants: { ensureAwake: async () => undefined, waitFor: async () => row },
    instanceOf: async () => row,
    connections: { take: () => undefined },
    passes: { give: () => null, withdraw: () => undefined },
    sessions: { mayEnter: async () => true },
    usage: { touch: () => undefined, touchByGuest: () => undefined },
    viewerOf: async () => viewer,
    visitors: { receive: async () => null, use: (_check, { id: used }) => options.usage?.touch(used) },
    responses: createCheckResponses({ hosts, clock: systemClock, lineOf: () => null }),
    isClaimable: async () => false,
    tokenOf: () => 'token',
    recheck: async () => true,
    clock: systemClock,
    holdMs: HOLD_MS,
    pageAfterMs: 2_000,
    mostWaiting: 10,
    ...options,
  })
}

it('counts a request as use for as long as it is held, and no longer', async () => {
  const touched: string[] = []
  const started = Promise.withResolvers<InstanceRow | null>()
  let now = asleep
  const gate = setUp(asleep, {
    cache: { get: () => now },
    tenants: { ensureAwake: async () => undefined, waitFor: () => started.promise },
    usage: { touch: (which) => touched.push(which), touchByGuest: () => undefined },
  })
  const held = gate(visit(), stay)
  await expect.poll(() => vi.getTimerCount()).toBe(1)
  const before = touched.length
  vi.advanceTimersByTime(5_000)
  expect(touched.length - before).toBe(5)
  now = awake
  started.resolve(awake)
  expect(await held).toMatchObject({ status: 204 })
  expect(vi.getTimerCount()).toBe(0)
})

it('counts what an open page of a guest waits for as the guest’s alone: it keeps nothing trying to start', async () => {
  const used: string[] = []
  const started = Promise.withResolvers<InstanceRow | null>()
  const preview = { title: '', description: '', pictureUrl: null }
  const gate = setUp(asleep, {
    tenants: { ensureAwake: async () => undefined, waitFor: () => started.promise },
    viewerOf: async () => null,
    publications: { of: () => ({ mode: 'public', visitorCreditNano: 0n, preview }) },
    visitors: { receive: async () => null, use: () => undefined },
    usage: { touch: () => void used.push('owner'), touchByGuest: () => void used.push('guest') },
  })
  const held = gate(ask({ host: 'game--ada.localhost' }), stay)
  await expect.poll(() => vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(3_000)
  started.resolve(null)
  expect((await held).status).toBe(503)
  expect(used).toEqual(['guest', 'guest', 'guest'])
})

it('lays no pass for what a browser fetches by itself', async () => {
  const given: string[] = []
  const give = ({ uri }: { uri: string }) => {
    given.push(uri)
    return null
  }
  const gate = setUp(awake, { passes: { give, withdraw: () => undefined } })
  const uris = ['/icon.svg', '/app.webmanifest', '/notes']
  const answers = await Promise.all(uris.map((uri) => gate(ask({ [CHECK_REQUEST_HEADERS.uri]: uri }), stay)))
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204])
  expect(given).toEqual(['/notes'])
})

const page = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' }
const failed = { [CHECK_REQUEST_HEADERS.failed]: '1' }

it.each<[string, InstanceRow, Partial<GateOptions>, Record<string, string>, number | 'database_unavailable']>(
  [
    ['whose host it is', awake, { instanceOf: never }, {}, 'database_unavailable'],
    [
      'whether the handle is free',
      awake,
      { instanceOf: async () => undefined, isClaimable: never },
      page,
      404,
    ],
    ['what became of it', awake, { recheck: never }, failed, 'database_unavailable'],
  ],
)(
  'waits no longer than the hold for a database that never says %s',
  async (_what, row, options, more, expected) => {
    const asked = setUp(row, options)(ask(more), stay).then(
      ({ status }) => status,
      ({ code }) => code,
    )
    await vi.advanceTimersByTimeAsync(HOLD_MS - 1)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await asked).toBe(expected)
  },
)

it('shows a person progress, and answers a program, while the wish for a wake is still being written', async () => {
  const tenants = { ensureAwake: never, waitFor: async () => null }
  const gate = setUp(asleep, { tenants, holdMs: 20, pageAfterMs: 10 })
  const answers = await Promise.all([gate(visit(), stay), gate(ask(page), stay)])
  expect(answers.map(({ status }) => status)).toEqual([503, 503])
  expect(answers[1]?.body).toContain('<html')
})

it('lets a page in only where something has answered: a thaw that hangs would leave it blank', async () => {
  const careful: (boolean | undefined)[] = []
  const tenants: GateOptions['tenants'] = {
    ensureAwake: async () => undefined,
    async waitFor(_id, _when, _signal, how) {
      careful.push(how?.isCareful)
      return null
    },
  }
  const gate = setUp(asleep, { tenants, holdMs: 20, pageAfterMs: 10 })
  await gate(ask(page), stay)
  await gate(ask({ 'sec-fetch-mode': 'cors' }), stay)
  expect(careful).toEqual([true, false])
})

it('asks the database for a way in while it is about to sleep, whatever memory says', async () => {
  const asked: string[] = []
  let now: InstanceRow = { ...awake, closingAt: new Date(0) }
  const tenants = {
    ensureAwake: async (which: string) => void asked.push(which),
    waitFor: async () => {
      now = awake
      return awake
    },
  }
  expect(await setUp(now, { tenants, cache: { get: () => now } })(visit(), stay)).toMatchObject({
    status: 204,
  })
  expect(asked).toEqual([id])
})

it('lets people in by its memory alone while nothing is about to happen', async () => {
  expect(
    await setUp(awake, { tenants: { ensureAwake: never, waitFor: never } })(visit(), stay),
  ).toMatchObject({
    status: 204,
  })
})

it.each([
  ['bearer', 'Bearer token'],
  ['edge', ''],
] as const)('sends an image with trust by %s the authorization %j', async (trust, authorization) => {
  const gate = setUp({ ...awake, address: { ...address, trust } })
  const { headers } = await gate(visit(), stay)
  expect(headers).toMatchObject({
    [CHECK_RESPONSE_HEADERS.authorization]: authorization,
    [CHECK_RESPONSE_HEADERS.user]: 'ada',
  })
})

it('lets nobody in whose session ended while their request was held', async () => {
  let isSignedIn = true
  const started = Promise.withResolvers<InstanceRow | null>()
  const gate = setUp(asleep, {
    tenants: { ensureAwake: async () => undefined, waitFor: () => started.promise },
    sessions: { mayEnter: async () => isSignedIn },
  })
  const held = gate(visit(), stay)
  await expect.poll(() => vi.getTimerCount()).toBe(1)
  isSignedIn = false
  started.resolve(awake)
  expect(await held).toMatchObject({ status: 401 })
})

it.each([
  ['bearer', /^[0-9a-f]{64}$/],
  ['edge', /^$/],
] as const)('sends an image that trusts by %s a proof only if it looks at one', async (trust, proof) => {
  const row = { ...awake, address: { ...address, trust } } as InstanceRow
  const answer = await setUp(row)(visit(), stay)
  expect(answer.headers[CHECK_RESPONSE_HEADERS.user]).toBe('ada')
  expect(answer.headers[CHECK_RESPONSE_HEADERS.platformVerified]).toMatch(proof)
})

it('sends the cookie of a pass along, and ends all passes where nobody answered', async () => {
  const withdrawn: string[] = []
  const passes = { give: () => 'a=b', withdraw: (which: string) => void withdrawn.push(which) }
  const gate = setUp(awake, { passes })
  expect((await gate(visit(), stay)).headers[PASS_HEADERS.cookie]).toBe('a=b')
  expect((await setUp(awake)(visit(), stay)).headers).not.toHaveProperty(PASS_HEADERS.cookie)
  expect(withdrawn).toEqual([])
  const failed = ask({ [CHECK_REQUEST_HEADERS.failed]: '1' })
  await gate(failed, stay)
  expect(withdrawn).toEqual([id])
})

it('tells only its owner that a deleted computer can be taken back, and nothing of one that is gone', async () => {
  const page = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' }
  const leaving = { ...asleep, desired: 'leaving' } as InstanceRow
  const told = async (row: InstanceRow, more: Partial<GateOptions> = {}) =>
    String((await setUp(row, more)(ask(page), stay)).body)
  expect(await told(leaving)).toContain('Your computer is closed')
  const stranger = await told(leaving, { viewerOf: async () => null })
  expect(stranger).toContain('There is no computer at ada.localhost')
  const other = { ...leaving, userId: newId('usr', systemClock) }
  expect(await told(other)).toContain('There is no computer at ada.localhost')
  expect(await told({ ...leaving, desired: 'deleted' })).toContain('There is no computer at ada.localhost')
})
