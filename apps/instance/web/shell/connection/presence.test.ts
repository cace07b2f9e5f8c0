import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchPresence } from './presence.ts'

class FakeKeyboardEvent extends Event {
  key: string
  altKey = false
  ctrlKey: boolean
  metaKey = false
  constructor(key: string, { ctrlKey = false } = {}) {
    super('keydown')
    this.key = key
    this.ctrlKey = ctrlKey
  }
}

const page = () => Object.assign(new EventTarget(), { hidden: false })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', page())
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('KeyboardEvent', FakeKeyboardEvent)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function watch() {
  const calls = { onHidden: vi.fn(), onAway: vi.fn(), onAct: vi.fn(), onSeen: vi.fn() }
  watchPresence({ awayAfterMs: 60_000, idleAfterMs: 900_000, ...calls })
  return calls
}

const show = (isVisible: boolean) => {
  Object.assign(document, { hidden: !isVisible })
  document.dispatchEvent(new Event('visibilitychange'))
}

test('takes keys and taps for a person, and the network or the focus coming back for none', () => {
  const { onAct, onSeen } = watch()
  for (const type of ['focus', 'online', 'pageshow']) window.dispatchEvent(new Event(type))
  expect(onAct).not.toHaveBeenCalled()
  expect(onSeen).toHaveBeenCalledTimes(3)
  document.dispatchEvent(new FakeKeyboardEvent('a'))
  document.dispatchEvent(new Event('pointerdown'))
  expect(onAct).toHaveBeenCalledTimes(2)
})

test('takes neither a modifier nor a shortcut for a key', () => {
  const { onAct } = watch()
  document.dispatchEvent(new FakeKeyboardEvent('Alt'))
  document.dispatchEvent(new FakeKeyboardEvent('r', { ctrlKey: true }))
  expect(onAct).not.toHaveBeenCalled()
})

test('counts a hidden page as left after a minute', () => {
  const { onAway, onHidden, onSeen } = watch()
  show(false)
  expect(onHidden).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(59_000)
  expect(onAway).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(onAway).toHaveBeenCalledOnce()
  show(true)
  expect(onSeen).toHaveBeenCalledOnce()
})

test('counts a visible page as left when nothing moves on it, and begins again with the next movement', () => {
  const { onAway, onSeen } = watch()
  vi.advanceTimersByTime(800_000)
  document.dispatchEvent(new Event('pointermove'))
  vi.advanceTimersByTime(800_000)
  expect(onAway).not.toHaveBeenCalled()
  vi.advanceTimersByTime(100_000)
  expect(onAway).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(10_000_000)
  expect(onAway).toHaveBeenCalledOnce()
  expect(onSeen).not.toHaveBeenCalled()
  for (let times = 0; times < 2; times++) document.dispatchEvent(new Event('pointermove'))
  expect(onSeen).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(900_000)
  expect(onAway).toHaveBeenCalledTimes(2)
})
