/** Keeps the focus near, where the control that had it goes away: the keyboard carries on there, not at the top. */
import { type RefObject, useEffect } from 'react'

/** Within `area`, the focus falls to the heading of the section that lost a control, or else to the page's. */
export function useKeptFocus(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = area.current
    if (!root) return
    let control: Element | null = null
    let section: Element | null = null
    const remember = ({ target }: FocusEvent) => {
      control = target instanceof Element ? target : null
      section = control?.closest('section') ?? null
    }
    const observer = new MutationObserver(() => {
      if (!control || control.isConnected || document.activeElement !== document.body) return
      control = null
      const near = section?.isConnected ? section : root
      const heading = near.querySelector<HTMLElement>('h1, h2') ?? root.querySelector<HTMLElement>('h1')
      if (!heading) return
      heading.tabIndex = -1
      heading.style.outline = 'none'
      heading.focus({ preventScroll: true })
    })
    root.addEventListener('focusin', remember)
    observer.observe(root, { childList: true, subtree: true })
    return () => {
      root.removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [area])
}
