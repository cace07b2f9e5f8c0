import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NEW_SHELL, type ShellChange } from '../../src/shell/look.ts'
import { shellChange } from '../../src/shell/protocol.ts'
import { pulse } from './connection/pulse.ts'
import { windows } from './desk.ts'
import { startKeeping } from './keep.ts'
import { changeLook } from './look.ts'
import type { Win } from './windows/model.ts'

const sent: ShellChange[] = []
const denied = () => {
  throw new DOMException('Access is denied for this document.', 'SecurityError')
}

beforeEach(() => {
  vi.useFakeTimers()
  const documentElement = { dataset: {}, style: { setProperty: () => undefined } }
  vi.stubGlobal('document', {
    documentElement,
    querySelectorAll: () => [],
    addEventListener: () => undefined,
  })
  vi.stubGlobal('fetch', async (_: string, { method, body }: RequestInit) => {
    if (method !== 'PUT') return Response.json(NEW_SHELL)
    sent.push(shellChange.parse(JSON.parse(String(body))))
    return Response.json({})
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const win = (number: number, target: unknown = null): Win => ({
  ...{ id: `w${number}`, part: 'files', target, fit: 'free', isMinimised: false },
  rect: { x: 0, y: 0, width: 800, height: 500 },
})

test('starts, and keeps in the home, where the browser keeps nothing', async () => {
  vi.stubGlobal('localStorage', { getItem: denied, setItem: denied })
  await startKeeping()
  pulse.set('open')
  changeLook({ hue: 20 })
  // More than the home takes, and one with a target that is too long for it.
  windows.set([...Array.from({ length: 45 }, (_, at) => win(at + 1)), win(46, { path: 'x'.repeat(9_000) })])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(sent).toHaveLength(1)
  expect(sent[0]?.look?.hue).toBe(20)
  expect(sent[0]?.windows?.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, at) => `w${at + 6}`))
})
