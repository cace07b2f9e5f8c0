// @vitest-environment happy-dom
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { NEW_SHELL } from '../../src/shell/look.ts'
import { pulse } from './connection/pulse.ts'
import { hearLook, startKeeping } from './keep.ts'
import { changeLook, look } from './look.ts'

/** Bodies of what the home was sent. */
const sent: unknown[] = []

beforeAll(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (_: string, { method, body }: RequestInit) => {
    if (method === 'PUT') sent.push(JSON.parse(String(body)))
    return Response.json(NEW_SHELL)
  })
  await startKeeping()
  pulse.set('open')
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const cached = () => JSON.parse(localStorage.getItem('mos-shell') ?? '{}')

test('shows and remembers a look that came from the home, and does not send it back', async () => {
  const elsewhere = { ...NEW_SHELL.look, theme: 'dark' } as const
  hearLook(elsewhere)
  expect(look.get()).toEqual(elsewhere)
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(cached()).toMatchObject({ look: elsewhere })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(sent).toEqual([])
})

test('sends what was chosen here, whatever comes before that', async () => {
  changeLook({ hue: 200 })
  hearLook({ ...NEW_SHELL.look, hue: 10 })
  expect(look.get().hue).toBe(200)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(sent).toEqual([{ look: { ...NEW_SHELL.look, theme: 'dark', hue: 200 } }])
  hearLook({ ...NEW_SHELL.look, hue: 10 })
  expect(look.get().hue).toBe(10)
})
