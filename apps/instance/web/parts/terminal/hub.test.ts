import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionInfo, TerminalEvent } from '../../../src/terminal/protocol.ts'
import * as hub from './hub.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  constructor() {
    FakeSocket.all.push(this)
  }
  send() {}
  close() {}
  receive(event: TerminalEvent) {
    this.onmessage?.({ data: JSON.stringify(event) })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('location', { origin: 'https://alice.example.org' })
  vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const info = (id: string): SessionInfo => ({
  ...{ id, name: null, title: '', folder: '/', place: '~', program: null },
  ...{ state: 'running', exitCode: null, generation: 1 },
})
const viewer = { begin: () => undefined, draw: () => undefined, resize: () => undefined }

test('tells of what was typed for a terminal that is not there any more after a kill', async () => {
  const leave = hub.enter()
  FakeSocket.all.at(-1)?.onopen?.()
  FakeSocket.all.at(-1)?.receive({ type: 'sessions', sessions: [info('one')] })
  const view = hub.attach('one', viewer)
  const attached = { type: 'attached', view: 1, columns: 80, rows: 24, generation: 1, typed: 0 } as const
  FakeSocket.all.at(-1)?.receive(attached)
  FakeSocket.all.at(-1)?.onclose?.({ code: 1006, reason: '' })
  expect(hub.typeInto('one', 'ls')).toBe(true)
  expect(hub.waiting.get()).toBe(2)
  await vi.advanceTimersByTimeAsync(1_000)
  FakeSocket.all.at(-1)?.onopen?.()
  FakeSocket.all.at(-1)?.receive({ type: 'sessions', sessions: [] })
  expect(hub.trouble.get()).toMatch(/^2 characters that you typed reached no program/)
  FakeSocket.all.at(-1)?.onclose?.({ code: 1006, reason: '' })
  expect(hub.waiting.get()).toBe(0)
  view.end()
  leave(false)
})
