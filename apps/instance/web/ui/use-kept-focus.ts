/** Keeps the focus near where the control that had it goes away, or is not shown any more: the keyboard carries on there. */
import { useEffect } from 'react'

const isShown = (element: Element) => element.isConnected && element.checkVisibility()

/** `places`: selectors within `area`, of what takes the focus then; the first that is shown. */
export function useKeptFocus(area: HTMLElement | null, places: readonly string[]): void {
  useEffect(() => {
    if (!area) return
    let control: Element | null = null
    const remember = ({ target }: FocusEvent) => {
      control = target instanceof Element ? target : null
    }
    const observer = new MutationObserver(() => {
      if (!control || isShown(control)) return
      const { activeElement } = document
      // A field that took the focus by itself keeps it.
      const isLost = activeElement === null || activeElement === document.body || activeElement === control
      control = null
      if (!isLost) return
      const near = places
        .map((place) => area.querySelector<HTMLElement>(place))
        .find((each) => each && isShown(each))
      if (!near) return
      near.tabIndex = -1
      near.style.outline = 'none'
      near.focus({ preventScroll: true })
    })
    area.addEventListener('focusin', remember)
    observer.observe(area, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-at'] })
    return () => {
      area.removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [area, places])
}
