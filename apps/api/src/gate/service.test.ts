import { hostsOf, newId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createAnswers } from './answers.ts'
import { readQuestion } from './question.ts'
import { createGate } from './service.ts'

const hosts = hostsOf('http://localhost')
const id = newId('ins', systemClock)
const userId = newId('usr', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null }
const asleep = { id, userId, handle: 'ada', desired: 'awake', observed: 'starting' } as InstanceRow
const awake = { ...asleep, observed: 'running', address, closingAt: null } as InstanceRow

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** Its owner is there; `row` is what the gate knows, `waitFor` what it hears later. */
function boot(row: InstanceRow, waitFor: Promise<InstanceRow | null>) {
  const touched: string[] = []
  const wanted: string[] = []
  const viewer = { userId, sessionId: newId('ses', systemClock), instanceId: id, handle: 'ada' }
  const gate = createGate({
    hosts,
    mirror: { get: () => row },
    tenants: { want: async (which) => void wanted.push(which), waitFor: () => waitFor },
    instanceOf: async () => row,
    connections: { take: () => undefined },
    sessions: { mayEnter: async () => true },
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
  const visit = () => gate(readQuestion({ host: 'ada.localhost' }), new AbortController().signal)
  return { visit, touched, wanted }
}

it('counts a request as use for as long as it is held, and no longer', async () => {
  const started = Promise.withResolvers<InstanceRow | null>()
  const { visit, touched } = boot(asleep, started.promise)
  const held = visit()
  await expect.poll(() => vi.getTimerCount()).toBe(1)
  const before = touched.length
  vi.advanceTimersByTime(5_000)
  expect(touched.length - before).toBe(5)
  started.resolve(awake)
  expect(await held).toMatchObject({ status: 204 })
  expect(vi.getTimerCount()).toBe(0)
})

it('lets people in by its memory alone, but not where the instance is about to sleep', async () => {
  const known = boot(awake, Promise.resolve(null))
  expect(await known.visit()).toMatchObject({ status: 204 })
  expect(known.wanted).toEqual([])
  const kept = Promise.withResolvers<InstanceRow | null>()
  const { visit, wanted } = boot({ ...awake, closingAt: new Date() }, kept.promise)
  const held = visit()
  await expect.poll(() => wanted).toEqual([id])
  kept.resolve(awake)
  expect(await held).toMatchObject({ status: 204 })
})
