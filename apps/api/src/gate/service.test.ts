import { GATE_HEADERS, hostsOf, newId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SCOPES } from '../access/principal.ts'
import { systemClock } from '../clock.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { Viewer } from './app-token.ts'
import { readQuestion } from './check-request.ts'
import { createAnswers } from './check-response.ts'
import { createGate } from './service.ts'

const hosts = hostsOf('http://localhost')
const id = newId('ins', systemClock)
const userId = newId('usr', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' } as const
const asleep = { id, userId, handle: 'ada', desired: 'awake', observed: 'starting' } as InstanceRow
const awake = { ...asleep, observed: 'running', address, closingAt: null } as InstanceRow

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const viewer: Viewer = {
  how: 'session',
  userId,
  handle: 'ada',
  scopes: SCOPES,
  provedAt: null,
  sessionId: newId('ses', systemClock),
  instanceId: id,
}

/** A gate before an instance that starts until told, and a session that stands until told. */
function setUp(row: InstanceRow = asleep) {
  const touched: string[] = []
  const wanted: string[] = []
  const started = Promise.withResolvers<InstanceRow | null>()
  const state = { row, isSignedIn: true }
  const gate = createGate({
    hosts,
    mirror: { get: () => state.row },
    tenants: { want: async (which) => void wanted.push(which), waitFor: () => started.promise },
    instanceOf: async () => state.row,
    connections: { take: () => undefined },
    sessions: { mayEnter: async () => state.isSignedIn },
    usage: { touch: (which) => touched.push(which) },
    tokens: { issue: async () => '', verify: async () => viewer },
    answers: createAnswers({ hosts, clock: systemClock }),
    isClaimable: async () => false,
    tokenOf: () => 'token',
    recheck: async () => true,
    clock: systemClock,
    holdMs: 30_000,
    pageAfterMs: 2_000,
    mostWaiting: 10,
  })
  const ask = () => gate(readQuestion({ host: 'ada.localhost' }), new AbortController().signal)
  const start = () => {
    state.row = awake
    started.resolve(awake)
  }
  const hold = async () => {
    const answer = ask()
    await expect.poll(() => vi.getTimerCount()).toBe(1)
    return { answer }
  }
  return { ask, touched, wanted, state, start, hold }
}

it('counts a request as use for as long as it is held, and no longer', async () => {
  const { touched, start, hold } = setUp()
  const { answer } = await hold()
  const before = touched.length
  vi.advanceTimersByTime(5_000)
  expect(touched.length - before).toBe(5)
  start()
  expect(await answer).toMatchObject({ status: 204 })
  expect(vi.getTimerCount()).toBe(0)
})

it.each([
  ['bearer', 'Bearer token'],
  ['edge', ''],
] as const)('sends an image with trust by %s the authorization %j', async (trust, authorization) => {
  const { ask } = setUp({ ...awake, address: { ...address, trust } })
  const { headers } = await ask()
  expect(headers).toMatchObject({ [GATE_HEADERS.authorization]: authorization, [GATE_HEADERS.user]: 'ada' })
})

it('lets nobody in whose session ended while their request was held', async () => {
  const { state, start, hold } = setUp()
  const { answer } = await hold()
  state.isSignedIn = false
  start()
  expect(await answer).toMatchObject({ status: 401 })
})

it('lets people in by its memory alone, but not where the instance is about to sleep', async () => {
  const known = setUp(awake)
  expect(await known.ask()).toMatchObject({ status: 204 })
  expect(known.wanted).toEqual([])
  const { wanted, start, hold } = setUp({ ...awake, closingAt: new Date() })
  const { answer } = await hold()
  expect(wanted).toEqual([id])
  start()
  expect(await answer).toMatchObject({ status: 204 })
})
