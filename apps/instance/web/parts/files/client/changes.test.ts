import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { everyLink } from '../../../shell/connection/links.ts'
import { watchPath } from './changes.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  constructor() {
    FakeSocket.all.push(this)
  }
  send() {}
  close() {}
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('location', { origin: 'https://alice.example.org' })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const isWatching = { data: JSON.stringify({ type: 'watching', refused: [] }) }

test('tells what may have been missed by a connection that had died unnoticed', async () => {
  const changed = vi.fn()
  const end = watchPath('a', changed)
  await vi.advanceTimersByTimeAsync(0)
  FakeSocket.all.at(-1)?.onopen?.()
  FakeSocket.all.at(-1)?.onmessage?.(isWatching)
  expect(changed).not.toHaveBeenCalled()
  // Somebody is back, and nobody answers.
  await vi.advanceTimersByTimeAsync(60_000)
  everyLink((link) => link.wake())
  await vi.advanceTimersByTimeAsync(10_000)
  expect(FakeSocket.all).toHaveLength(2)
  FakeSocket.all.at(-1)?.onopen?.()
  FakeSocket.all.at(-1)?.onmessage?.(isWatching)
  expect(changed).toHaveBeenCalledOnce()
  end()
})
