import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Glimpse } from './glimpse.ts'
import { createLink, type LinkState } from './link.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  sent: string[] = []
  closed = false
  constructor() {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.closed = true
  }
}

beforeEach(() => {
  FakeSocket.all = []
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function link({ needed = false, sees = 'awake' }: { needed?: boolean; sees?: Glimpse } = {}) {
  const states: LinkState[] = []
  const glimpse = vi.fn<() => Promise<Glimpse>>(async () => sees)
  const it = createLink({
    url: () => 'ws://instance/ws',
    asleepReason: 'asleep',
    isNeeded: () => needed,
    onMessage: () => undefined,
    onState: (state) => void states.push(state),
    glimpse,
  })
  const last = () => FakeSocket.all.at(-1) ?? new FakeSocket()
  it.wake()
  return { it, states, glimpse, last, attempts: () => FakeSocket.all.length }
}

test('comes back after a broken connection, at growing distances', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  expect(it.state).toBe('open')
  last().onclose?.({ code: 1006, reason: '' })
  expect(it.state).toBe('retrying')
  await vi.advanceTimersByTimeAsync(400)
  expect(attempts()).toBe(2)
  last().onclose?.({ code: 1006, reason: '' })
  await vi.advanceTimersByTimeAsync(400)
  expect(attempts()).toBe(2)
  await vi.advanceTimersByTimeAsync(900)
  expect(attempts()).toBe(3)
})

test('leaves a computer that went to sleep asleep until somebody acts', async () => {
  const { it, last, attempts } = link({ sees: 'asleep' })
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('asleep')
  it.resume()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('asleep')
  expect(attempts()).toBe(1)
  it.wake()
  expect(attempts()).toBe(2)
})

test('does not wake a computer that fell asleep while the connection was broken', async () => {
  const { it, glimpse, last, attempts } = link({ sees: 'asleep' })
  last().onopen?.()
  last().onclose?.({ code: 1006, reason: '' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('asleep')
  expect(glimpse).toHaveBeenCalledOnce()
  expect(attempts()).toBe(1)
})

test('comes back when the computer was woken elsewhere', async () => {
  const { it, glimpse, last, attempts } = link()
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  it.resume()
  await vi.advanceTimersByTimeAsync(0)
  expect(glimpse).toHaveBeenCalledOnce()
  expect(attempts()).toBe(2)
})

test('stays asleep when nobody answers a look, and when its page is left', async () => {
  const { it, states, last, attempts } = link({ sees: 'unreachable' })
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  it.resume()
  await vi.advanceTimersByTimeAsync(600_000)
  it.rest()
  expect(states.at(-1)).toBe('asleep')
  expect(attempts()).toBe(1)
})

test('keeps trying while nobody answers', async () => {
  const { it, glimpse, last, attempts } = link({ sees: 'unreachable' })
  last().onopen?.()
  last().onclose?.({ code: 1006, reason: '' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(it.state).toBe('retrying')
  expect(glimpse.mock.calls.length).toBeGreaterThan(4)
  expect(attempts()).toBe(1)
  glimpse.mockResolvedValue('awake')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(attempts()).toBe(2)
})

test('reacts to a key at once, and ignores an earlier look answered later', async () => {
  const { it, glimpse, last, attempts } = link()
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  let answer: (seen: Glimpse) => void = () => undefined
  glimpse.mockReturnValue(new Promise((resolve) => (answer = resolve)))
  it.resume()
  it.wake()
  expect(it.state).toBe('connecting')
  answer('asleep')
  await vi.advanceTimersByTimeAsync(0)
  expect(it.state).toBe('connecting')
  expect(attempts()).toBe(2)
})

test('wakes it for unsaved words', async () => {
  const { last, attempts } = link({ needed: true, sees: 'asleep' })
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  await vi.advanceTimersByTimeAsync(400)
  expect(attempts()).toBe(2)
})

test('does not take a proxy’s own close with 1001 for sleep', async () => {
  const { it, last } = link()
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: '' })
  expect(it.state).toBe('retrying')
})

test('closes and schedules nothing while resting', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  it.rest()
  expect(last().closed).toBe(true)
  last().onclose?.({ code: 1005, reason: '' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(attempts()).toBe(1)
  expect(it.state).toBe('resting')
})

test('notices a dead connection when somebody returns', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  await vi.advanceTimersByTimeAsync(60_000)
  it.wake()
  expect(last().sent).toEqual(['{"type":"ping"}'])
  await vi.advanceTimersByTimeAsync(6_000)
  expect(attempts()).toBe(2)
})

test('stops trying once signed out', async () => {
  const { it, last, attempts } = link({ sees: 'signed-out' })
  last().onclose?.({ code: 1006, reason: '' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('signed-out')
  it.wake()
  it.resume()
  expect(attempts()).toBe(1)
})
