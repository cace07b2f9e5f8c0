// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionInfo, TerminalEvent } from '../../../src/terminal/protocol.ts'
import * as hub from './hub.ts'
import { useActive } from './use-active.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  sent: { type: string; request?: number }[] = []
  constructor() {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {}
}

let leave: (isClosed: boolean) => void = () => undefined
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }))
  leave = hub.enter()
})
afterEach(() => {
  leave(false)
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const info = (id: string): SessionInfo => ({
  ...{ id, name: null, title: '', folder: '/home/notes', place: '~/notes', program: null },
  ...{ state: 'running', exitCode: null, generation: 1 },
})
const socket = () => FakeSocket.all.at(-1) ?? new FakeSocket()
const tell = (event: TerminalEvent) => act(() => socket().onmessage?.({ data: JSON.stringify(event) }))
const open = () => act(() => socket().onopen?.())

function show(session: string) {
  const close = vi.fn()
  const props = { target: { session }, setTarget: () => undefined, close, root: { current: null } }
  const { result } = renderHook(() => useActive(props))
  return { close, active: () => result.current.active }
}

test('closes its window with the last terminal', () => {
  open()
  tell({ type: 'sessions', sessions: [info('one')] })
  const { close } = show('one')
  tell({ type: 'sessions', sessions: [] })
  expect(close).toHaveBeenCalled()
})

test('opens another terminal in the same folder after a kill, and leaves the window where it is', async () => {
  open()
  tell({ type: 'sessions', sessions: [info('one')] })
  const { close, active } = show('one')
  act(() => socket().onclose?.({ code: 1006, reason: '' }))
  await act(() => vi.advanceTimersByTimeAsync(1_000))
  open()
  tell({ type: 'sessions', sessions: [] })
  const asked = socket().sent.find(({ type }) => type === 'open')
  expect(asked).toMatchObject({ folder: '/home/notes' })
  tell({ type: 'sessions', sessions: [info('two')] })
  await act(async () => tell({ type: 'opened', request: asked?.request ?? 0, session: 'two' }))
  expect(close).not.toHaveBeenCalled()
  expect(active()).toBe('two')
})
