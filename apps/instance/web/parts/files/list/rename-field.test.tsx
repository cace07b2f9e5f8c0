// @vitest-environment happy-dom
import { cleanup, render, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { RenameField } from './rename-field.tsx'

afterEach(cleanup)

function field(name = 'report.txt') {
  const onEnd = vi.fn()
  const { container } = render(<RenameField name={name} onEnd={onEnd} />)
  const input = within(container).getByRole<HTMLInputElement>('textbox')
  return { onEnd, input, user: userEvent.setup() }
}

test('has the name chosen, without its ending', () => {
  const { input } = field()
  expect(document.activeElement).toBe(input)
  expect(input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)).toBe('report')
})

test('ends once, with Enter or by leaving', async () => {
  const { onEnd, input, user } = field()
  await user.clear(input)
  await user.type(input, 'final.txt{Enter}')
  input.blur()
  expect(onEnd.mock.calls).toEqual([['final.txt']])
})

test.each(['{Escape}', '{Enter}'])('changes nothing where nothing was changed, with %s', async (key) => {
  const { onEnd, user } = field()
  await user.keyboard(key)
  expect(onEnd.mock.calls).toEqual([[null]])
})

test('does not take a name that cannot be', async () => {
  const { onEnd, input, user } = field()
  await user.clear(input)
  await user.type(input, 'a/b{Enter}')
  expect(onEnd).not.toHaveBeenCalled()
  expect(input.getAttribute('aria-invalid')).toBe('true')
  input.blur()
  expect(onEnd.mock.calls).toEqual([[null]])
})
