// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { pulse } from '../connection/pulse.ts'
import { openPart, windows } from '../desk.ts'
import { News } from './news.tsx'
import { waiting } from './waiting.ts'

afterEach(() => {
  cleanup()
  waiting.set(null)
  windows.set([])
  pulse.set('connecting')
})

test('says what waits for somebody in a part that is not in front, and leads there', async () => {
  pulse.set('open')
  render(<News />)
  act(() => waiting.set({ part: 'files', words: 'An upload waits for your answer.' }))
  screen.getByText('An upload waits for your answer.')
  act(() => openPart({ part: 'notes' }))
  await userEvent.setup().click(screen.getByRole('button', { name: 'Show' }))
  expect(windows.get().at(-1)?.part).toBe('files')
  expect(screen.queryByText('An upload waits for your answer.')).toBeNull()
})

test('says nothing else while the connection is lost', () => {
  render(<News />)
  act(() => waiting.set({ part: 'files', words: 'An upload waits for your answer.' }))
  act(() => pulse.set('retrying'))
  screen.getByText(/Connection lost/)
  expect(screen.queryByText('An upload waits for your answer.')).toBeNull()
})
