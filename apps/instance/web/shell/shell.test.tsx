// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { Me } from '../../src/protocol.ts'
import { pulse } from './connection/pulse.ts'
import { Shell } from './shell.tsx'
import { createStart } from './start.ts'
import { OWNER } from './testing.ts'

afterEach(() => {
  cleanup()
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
