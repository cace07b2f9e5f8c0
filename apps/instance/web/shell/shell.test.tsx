// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { Me } from '../../src/protocol.ts'
import { pulse } from './connection/pulse.ts'
import { windows } from './desk.ts'
import { palette } from './palette/open.ts'
import { Shell } from './shell.tsx'
import { createStart } from './start.ts'
import { OWNER } from './testing.ts'

afterEach(() => {
  act(() => palette.set(false))
  cleanup()
  windows.set([])
  pulse.set('connecting')
})

test('shows the frame at once, and says what to do when there is no answer', async () => {
  const first = Promise.withResolvers<Me>()
  const readMe = vi.fn<() => Promise<Me>>().mockReturnValueOnce(first.promise).mockResolvedValue(OWNER)
  const start = createStart({ readMe, recall: async () => undefined })
  render(<Shell handle="alice" start={start} />)
  const asked = start.ask()
  expect(screen.getByRole('banner').textContent).toContain('alice')
  expect(screen.getByText('Opening …')).toBeTruthy()
  first.reject(new Error('no answer'))
  await asked
  expect((await screen.findByRole('alert')).textContent).toContain('This computer isn’t answering right now.')
  await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'Welcome, alice' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('leaves it to the bar to say that the session has ended', async () => {
  const start = createStart({ readMe: () => Promise.reject(new Error('401')), recall: async () => undefined })
  render(<Shell handle="alice" start={start} />)
  await start.ask()
  await screen.findByRole('alert')
  act(() => pulse.set('signed-out'))
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('status').textContent).toContain('Your session has ended.')
})

test('says in the palette too that there is no answer, and asks again from there for what was typed', async () => {
  const readMe = vi
    .fn<() => Promise<Me>>()
    .mockRejectedValueOnce(new Error('no answer'))
    .mockResolvedValue(OWNER)
  const start = createStart({ readMe, recall: async () => undefined })
  render(<Shell handle="alice" start={start} />)
  await start.ask()
  act(() => palette.set(true))
  const dialog = within(await screen.findByRole('dialog', { name: 'Find or do anything' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('This computer isn’t answering right now.')
  const user = userEvent.setup()
  await user.keyboard('settings{Enter}')
  await user.click(dialog.getByRole('button', { name: 'Try again' }))
  await vi.waitFor(() => expect(windows.get().map(({ part }) => part)).toEqual(['settings']))
  expect(readMe).toHaveBeenCalledTimes(2)
})

test('says in the palette too that the session has ended, where nothing is to be tried again', async () => {
  const start = createStart({ readMe: () => Promise.reject(new Error('401')), recall: async () => undefined })
  render(<Shell handle="alice" start={start} />)
  await start.ask()
  act(() => {
    pulse.set('signed-out')
    palette.set(true)
  })
  const dialog = within(await screen.findByRole('dialog', { name: 'Find or do anything' }))
  expect((await dialog.findByRole('alert')).textContent).toBe('Your session has ended.')
})
