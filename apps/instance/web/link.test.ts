import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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

function link({ needed = false, signedIn = true } = {}) {
  const states: LinkState[] = []
  const it = createLink({
    url: () => 'ws://instance/ws',
    asleepReason: 'asleep',
    isNeeded: () => needed,
    onMessage: () => undefined,
    onState: (state) => void states.push(state),
    isSignedIn: async () => signedIn,
  })
  const last = () => FakeSocket.all.at(-1) ?? new FakeSocket()
  it.wake()
  return { it, states, last, attempts: () => FakeSocket.all.length }
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

test('a computer that went to sleep is left asleep until somebody is there', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('asleep')
  expect(attempts()).toBe(1)
  it.wake()
  expect(attempts()).toBe(2)
})

test('unsaved words wake it', async () => {
  const { last, attempts } = link({ needed: true })
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: 'asleep' })
  await vi.advanceTimersByTimeAsync(400)
  expect(attempts()).toBe(2)
})

test('a proxy that closes with 1001 for reasons of its own does not count as sleep', async () => {
  const { it, last } = link()
  last().onopen?.()
  last().onclose?.({ code: 1001, reason: '' })
  expect(it.state).toBe('retrying')
})

test('resting means closed, with nothing to come', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  it.rest()
  expect(last().closed).toBe(true)
  last().onclose?.({ code: 1005, reason: '' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(attempts()).toBe(1)
  expect(it.state).toBe('resting')
})

test('a dead connection is noticed when somebody returns', async () => {
  const { it, last, attempts } = link()
  last().onopen?.()
  await vi.advanceTimersByTimeAsync(60_000)
  it.wake()
  expect(last().sent).toEqual(['{"type":"ping"}'])
  await vi.advanceTimersByTimeAsync(6_000)
  expect(attempts()).toBe(2)
})

test('signed out ends the attempts', async () => {
  const { it, last, attempts } = link({ signedIn: false })
  last().onclose?.({ code: 1006, reason: '' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(it.state).toBe('signed-out')
  it.wake()
  expect(attempts()).toBe(1)
})
