// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OWNER } from '../../shell/testing.ts'
import Soul from './part.tsx'

beforeEach(() => vi.stubGlobal('fetch', () => new Promise(() => undefined)))
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function show(me: typeof OWNER) {
  const open = vi.fn()
  const nothing = () => undefined
  const rest = { target: null, setTitle: nothing, setTarget: nothing, onBeforeClose: nothing, close: nothing }
  render(<Soul {...{ me, open, isActive: true, ...rest }} />)
  return open
}

test('can be edited by its owner, as it says', async () => {
  const open = show({ ...OWNER, soul: '# Soul\nChange any word of it.' })
  await userEvent.setup().click(screen.getByRole('button', { name: 'Edit' }))
  expect(open.mock.calls).toEqual([[{ part: 'editor', target: { path: 'system/soul.md' } }]])
})

test.each([
  ['no viewer', { ...OWNER, soul: 'Hello.', viewer: { handle: 'bob', canUseNotes: true } }],
  ['nobody where there is none', { ...OWNER, soul: null }],
])('can be edited by %s', (_, me) => {
  show(me)
  expect(screen.queryByRole('button')).toBeNull()
})
