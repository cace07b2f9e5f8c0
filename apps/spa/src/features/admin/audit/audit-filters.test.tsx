// @vitest-environment happy-dom
/** The filters of the audit log by the keyboard. */
import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { AuditFilters } from './audit-filters.tsx'

afterEach(cleanup)

test('keeps the focus on Clear, which cannot be pressed any more once it was', async () => {
  const onClear = vi.fn()
  const rest = { actions: [], onChange: vi.fn(), onClear }
  const { rerender } = render(<AuditFilters filter={{ actor: 'ada' }} {...rest} />)
  const clear = screen.getByRole<HTMLButtonElement>('button', { name: 'Clear' })
  clear.focus()
  await userEvent.keyboard('{Enter}')
  rerender(<AuditFilters filter={{}} {...rest} />)
  // Browsers take the focus from what is disabled.
  expect([document.activeElement === clear, clear.disabled]).toEqual([true, false])
  expect(clear.getAttribute('aria-disabled')).toBe('true')
  await userEvent.keyboard('{Enter}')
  expect(onClear).toHaveBeenCalledTimes(1)
})
