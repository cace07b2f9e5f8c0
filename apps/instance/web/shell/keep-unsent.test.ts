// @vitest-environment happy-dom
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { NEW_SHELL } from '../../src/shell/look.ts'
import { pulse } from './connection/pulse.ts'
import { windows } from './desk.ts'
import { startKeeping } from './keep.ts'

const OPENED = { id: 'w1', part: 'notes' }
const LEFT = { ...NEW_SHELL, windows: [OPENED], unsent: ['windows', 'nonsense'] }
const sent: unknown[] = []
let answers = true

const cached = () => JSON.parse(localStorage.getItem('mos-shell') ?? '{}')

beforeAll(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (_: string, { method, body }: RequestInit) => {
    if (method !== 'PUT') return Response.json(NEW_SHELL)
    sent.push(JSON.parse(String(body)))
    return answers ? Response.json({}) : Promise.reject(new TypeError('killed'))
  })
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('shows what was changed before the page was left, and tells the home, which was never told', async () => {
  localStorage.setItem('mos-shell', JSON.stringify({ ...LEFT, at: Date.now() }))
  pulse.set('open')
  await startKeeping()
  expect(windows.get()).toEqual([OPENED])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(sent).toEqual([{ windows: [OPENED] }])
  expect(cached()).not.toHaveProperty('unsent')
})

test('remembers that a change is unsent until the home has answered', async () => {
  answers = false
  windows.set([])
  expect(cached()).toMatchObject({ windows: [], unsent: ['windows'] })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(cached()).toMatchObject({ windows: [], unsent: ['windows'] })
})

test('goes by the home once that was long ago', async () => {
  vi.resetModules()
  localStorage.setItem('mos-shell', JSON.stringify({ ...LEFT, at: Date.now() - 7_200_000 }))
  const fresh = await import('./keep.ts')
  const desk = await import('./desk.ts')
  await fresh.startKeeping()
  expect(desk.windows.get()).toEqual([])
})
