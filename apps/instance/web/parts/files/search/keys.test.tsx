// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { onSearchKey } from './keys.ts'

afterEach(cleanup)

function search(names: readonly string[]) {
  const [onOpen, onEnd] = [vi.fn(), vi.fn()]
  render(
    <div className="files">
      {/* biome-ignore lint/a11y/noAutofocus: as the field of the search. */}
      <input type="search" autoFocus onKeyDown={(event) => onSearchKey(event, onEnd)} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as what was found. */}
      <div className="found" onKeyDown={(event) => onSearchKey(event, onEnd)}>
        {names.map((name) => (
          <button key={name} type="button" onClick={() => onOpen(name)}>
            {name}
          </button>
        ))}
      </div>
    </div>,
  )
  return { onOpen, onEnd, user: userEvent.setup(), field: screen.getByRole('searchbox') }
}

test('opens the first that was found by Enter in the field', async () => {
  const { onOpen, user } = search(['one', 'two'])
  await user.keyboard('{Enter}')
  expect(onOpen.mock.calls).toEqual([['one']])
})

test('goes down into what was found and back by arrows, and opens once', async () => {
  const { onOpen, user, field } = search(['one', 'two'])
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}')
  expect(onOpen.mock.calls).toEqual([['two']])
  await user.keyboard('{ArrowUp}{ArrowUp}')
  expect(document.activeElement).toBe(field)
})

test('ends by Escape wherever somebody is in it, and does nothing where nothing was found', async () => {
  const { onOpen, onEnd, user, field } = search([])
  await user.keyboard('{ArrowDown}{Enter}')
  expect(document.activeElement).toBe(field)
  expect(onOpen).not.toHaveBeenCalled()
  await user.keyboard('{Escape}')
  expect(onEnd).toHaveBeenCalledTimes(1)
})
