// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { windows } from '../desk.ts'
import { OWNER } from '../testing.ts'
import { LazyPalette } from './lazy.tsx'
import { paletteContents } from './load.ts'
import { palette } from './open.ts'

/** When the palette's script arrives, or does not. */
let arrival: PromiseWithResolvers<void>
vi.mock('./load.ts', async (load) => {
  const real = await load<typeof import('./load.ts')>()
  return { ...real, loadPalette: () => arrival.promise.then(real.loadPalette) }
})

beforeEach(() => {
  arrival = Promise.withResolvers()
  paletteContents.set(null)
  windows.set([])
  // What runs in a terminal would have the focus.
  render(
    <>
      <textarea aria-label="beneath" />
      <LazyPalette me={OWNER} hasNoAnswer={false} onRetry={async () => undefined} />
    </>,
  )
  beneath().focus()
  act(() => palette.set(true))
})
afterEach(() => {
  act(() => palette.set(false))
  cleanup()
  vi.unstubAllGlobals()
})

const beneath = () => screen.getByLabelText<HTMLTextAreaElement>('beneath')
const arrive = () =>
  act(async () => {
    arrival.resolve()
    await vi.waitUntil(() => paletteContents.get() !== null)
  })

test('takes what is typed before it is loaded, and goes on with it', async () => {
  const user = userEvent.setup()
  await user.keyboard('note')
  await arrive()
  expect(await screen.findByRole('option', { name: 'Note pad' })).toBeTruthy()
  expect(screen.queryByRole('option', { name: 'Console' })).toBeNull()
  const field = screen.getByRole<HTMLInputElement>('combobox')
  expect(document.activeElement).toBe(field)
  await user.keyboard(' pad')
  expect(field.value).toBe('note pad')
  expect(beneath().value).toBe('')
})

test('does what was chosen by Enter before it was loaded', async () => {
  await userEvent.setup().keyboard('settings{Enter}')
  expect(windows.get()).toEqual([])
  await arrive()
  expect(windows.get().map(({ part }) => part)).toEqual(['settings'])
  expect(palette.get()).toBe(false)
})

test('says that it could not be loaded, and leaves everything else as it is', async () => {
  arrival.reject(new Error('no network'))
  expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded')
  expect(beneath().isConnected).toBe(true)
})

test('opens a file that no command is called like by Enter, and does not say that there is none', async () => {
  const match = { type: 'match', path: 'odd/two\nlines.txt', kind: 'file' }
  const answer = Promise.withResolvers<Response>()
  vi.stubGlobal('fetch', () => answer.promise)
  const user = userEvent.setup()
  await arrive()
  await user.keyboard('two')
  expect(screen.queryByText('Nothing here is called that.')).toBeNull()
  await act(async () => answer.resolve(new Response(`${JSON.stringify(match)}\n`)))
  const found = await screen.findByRole('option', { name: 'odd/two↵lines.txt' })
  expect(found.getAttribute('aria-selected')).toBe('true')
  expect(screen.queryByText('Nothing here is called that.')).toBeNull()
  await user.keyboard('{Enter}')
  expect(windows.get()).toMatchObject([
    { part: 'files', target: { path: 'odd', selected: 'two\nlines.txt' } },
  ])
})

test('says that nothing is called that, once the computer has looked', async () => {
  vi.stubGlobal('fetch', async () => new Response(''))
  await arrive()
  await userEvent.setup().keyboard('two')
  expect(await screen.findByText('Nothing here is called that.')).toBeTruthy()
})
