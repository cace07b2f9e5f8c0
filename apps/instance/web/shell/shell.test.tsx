// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { Me } from '../../src/protocol.ts'
import { Shell } from './shell.tsx'
import { createStart } from './start.ts'

afterEach(cleanup)

const ME: Me = {
  handle: 'alice',
  displayName: 'Alice',
  soul: null,
  viewer: null,
  terminal: 'console',
  consoleReason: null,
}

test('shows the frame at once, and says what to do when there is no answer', async () => {
  const first = Promise.withResolvers<Me>()
  const readMe = vi.fn<() => Promise<Me>>().mockReturnValueOnce(first.promise).mockResolvedValue(ME)
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
