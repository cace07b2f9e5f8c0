/** Whoever comes to the files has the keys of the list. */
import { type RefObject, useEffect } from 'react'

interface ListFocusOptions {
  root: RefObject<HTMLElement | null>
  /** Whether its window is in front. */
  isActive: boolean
  /** Whether the list has come. */
  isShown: boolean
}

export function useListFocus({ root, isActive, isShown }: ListFocusOptions): void {
  useEffect(() => {
    const frame = root.current?.closest('section')
    const current = document.activeElement
    if (!isActive || !isShown || !frame || !current) return
    // Somebody is in a field or at a button of this window already, or is asked something.
    if ((current !== frame && frame.contains(current)) || current.closest('dialog')) return
    root.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
  }, [root, isActive, isShown])
}
