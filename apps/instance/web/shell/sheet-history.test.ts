// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { minimiseAll, openPart, windows } from './desk.ts'
import { palette } from './palette/open.ts'
import { useSheetHistory } from './sheet-history.ts'

const back = vi.spyOn(history, 'back').mockImplementation(() => undefined)
beforeEach(() => {
  back.mockClear()
  windows.set([])
  palette.set(false)
  history.replaceState(null, '')
})
afterEach(cleanup)

const onPhone = () => renderHook((isSheet: boolean) => useSheetHistory(isSheet), { initialProps: true })

test('makes a step for what fills the screen, and takes it back with it', () => {
  onPhone()
  expect(history.state).toBe(null)
  act(() => openPart({ part: 'notes' }))
  expect(history.state).toEqual({ sheet: true })
  act(minimiseAll)
  expect(back).toHaveBeenCalledOnce()
})

test('puts away what fills the screen when somebody goes back', () => {
  onPhone()
  act(() => openPart({ part: 'notes' }))
  history.replaceState(null, '')
  act(() => void window.dispatchEvent(new Event('popstate')))
  expect(windows.get()).toMatchObject([{ isMinimised: true }])
})

test('closes the palette alone when somebody goes back from it', () => {
  onPhone()
  const goBack = () => {
    history.replaceState(null, '')
    act(() => void window.dispatchEvent(new Event('popstate')))
  }
  act(() => openPart({ part: 'notes' }))
  act(() => palette.set(true))
  goBack()
  expect(palette.get()).toBe(false)
  expect(windows.get()).toMatchObject([{ isMinimised: false }])
  expect(history.state).toEqual({ sheet: true })
  goBack()
  expect(windows.get()).toMatchObject([{ isMinimised: true }])
})

test('calls off no navigation when the screen becomes wide', () => {
  const { rerender } = onPhone()
  act(() => openPart({ part: 'notes' }))
  rerender(false)
  act(minimiseAll)
  expect(back).not.toHaveBeenCalled()
})
